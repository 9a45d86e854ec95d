"""For python-shell: a line in, the same line out."""

import sys

for line in sys.stdin:
    sys.stdout.write(line)
    sys.stdout.flush()
