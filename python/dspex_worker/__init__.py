"""The Python side of dspex: a zygote that forks workers, and the workers' loop. Started by ``runtime/python/zygote.ts``."""
