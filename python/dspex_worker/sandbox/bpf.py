"""Classic BPF, as much of it as a filter of system calls needs. linux/filter.h, linux/seccomp.h."""

from __future__ import annotations

import struct
from itertools import chain
from typing import Final, NamedTuple

_LD_W_ABS: Final = 0x20
_JEQ_K: Final = 0x15
_JGE_K: Final = 0x35
_JSET_K: Final = 0x45
_ALU_AND_K: Final = 0x54
_RET_K: Final = 0x06

#: Offsets into struct seccomp_data. Both machines are little-endian: an argument's low half comes first.
NUMBER: Final = 0
ARCH: Final = 4

KILL: Final = 0x8000_0000
ALLOW: Final = 0x7FFF_0000
EPERM: Final = 0x0005_0000 | 1
ENOSYS: Final = 0x0005_0000 | 38


class Instruction(NamedTuple):
    code: int
    jump_true: int
    jump_false: int
    k: int


def argument(index: int) -> int:
    """The low 32 bits: pids, families, flags and commands are read as ints by the kernel too."""
    return 16 + 8 * index


def load(offset: int) -> Instruction:
    return Instruction(_LD_W_ABS, 0, 0, offset)


def mask(bits: int) -> Instruction:
    return Instruction(_ALU_AND_K, 0, 0, bits)


def give(action: int) -> Instruction:
    return Instruction(_RET_K, 0, 0, action)


def when_equal(value: int, block: list[Instruction]) -> list[Instruction]:
    """Runs the block where the loaded word is ``value``, else what follows it."""
    return [Instruction(_JEQ_K, 0, len(block), value), *block]


def unless_equal(value: int, block: list[Instruction]) -> list[Instruction]:
    return [Instruction(_JEQ_K, len(block), 0, value), *block]


def by_value(blocks: dict[int, list[Instruction]], otherwise: list[Instruction]) -> list[Instruction]:
    """Runs the block of the loaded word, found by halves. Every block, and what is done with all other words, gives an answer.

    One after the other, the kernel takes three times as long to accept a filter of a hundred calls.
    """
    values = sorted(blocks)
    if len(values) < 3:
        return [*chain.from_iterable(when_equal(value, blocks[value]) for value in values), *otherwise]
    middle = values[len(values) // 2]
    below = by_value({value: blocks[value] for value in values if value < middle}, otherwise)
    above = by_value({value: blocks[value] for value in values if value >= middle}, otherwise)
    return [Instruction(_JGE_K, len(below), 0, middle), *below, *above]


def when_at_least(value: int, block: list[Instruction]) -> list[Instruction]:
    return [Instruction(_JGE_K, 0, len(block), value), *block]


def when_any_bit(bits: int, block: list[Instruction]) -> list[Instruction]:
    return [Instruction(_JSET_K, 0, len(block), bits), *block]


def unless_any_bit(bits: int, block: list[Instruction]) -> list[Instruction]:
    return [Instruction(_JSET_K, len(block), 0, bits), *block]


def assemble(program: list[Instruction]) -> bytes:
    if len(program) > 4096:
        raise ValueError(f"{len(program)} instructions; the kernel takes 4096")
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
