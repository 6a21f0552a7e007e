#!/bin/sh
# Reads the machine code of the kernels and complains about two things that no test can see:
#
#   - a micro-kernel of the matrix product whose sums do not stay in registers (the compiler
#     spilled them, or left a loop over them, and it runs at a fraction of its speed);
#   - a weak function without its module's name in its own: another instruction set's module may
#     define the same one, and the linker keeps any of them for all.
#
# Usage, after a release build: Benchmarks/check-kernels.sh .build/release/Kernels*.build/*.o
status=0
for object in "$@"; do
  module=$(basename "$(dirname "$object")" .build)
  [ "$module" = KernelTemplate ] && continue

  # A loop is what lies before a jump back, an innermost one if no other such jump is inside. With
  # a multiplication of integers in it, it is the loop over the tiles.
  objdump -d --no-show-raw-insn "$object" | awk -v module="$module" '
    / <.*>:$/ { name = $2; count = 0; innermost = 0; next }
    !/^ / || name !~ /MatrixProduct/ { next }
    {
      sub(/^ */, ""); address = $1; sub(/:.*/, "", address); sub(/^[^\t]*\t/, "")
      code[++count] = $0; place[name, address] = count
      if ($1 !~ /^j/ || !((name, $2) in place)) next
      start = place[name, $2]
      if (start <= innermost) next
      innermost = start; products = 0; traffic = 0
      for (i = start; i <= count; i++) {
        if (code[i] ~ /^(i?div|imul) /) next
        if (code[i] ~ /^(vfn?madd|v?mulp)/) products++
        if (code[i] ~ /\(%r[sb]p/ || code[i] ~ /^v?mov[aus]p?[sd] .*mm[0-9]+,.*\(/) traffic++
      }
      if (products > 0) loops++
      if (products > 0 && traffic > 0) {
        print module ": " products " multiplications, " traffic " stores in " name
        bad = 1
      }
    }
    END { print module ": " loops + 0 " loops of micro-kernels"; exit bad || loops == 0 }
  ' || status=1

  nm --defined-only "$object" | awk '$2 == "W" { print $3 }' | swift demangle |
    grep -v "$module" && status=1
done
exit $status
