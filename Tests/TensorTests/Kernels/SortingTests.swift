import KernelTemplate
import Tensor
import Testing

// The sorting kernel against the standard library's sort, on every instruction set.
@Suite("Sorting kernel")
struct SortingTests {
  @Test("sorts every length up to some hundreds", arguments: instructionSets)
  func lengths(set: Machine.InstructionSet) {
    func check<S: KernelScalar>(_: S.Type, _ order: KeyOrder, _ value: (S) -> Double) {
      let kernels = S.kernels(set)
      for count in Array(0...70) + [100, 127, 128, 129, 255, 256, 257, 300, 511, 513] {
        for descending in [false, true] {
          // Few different numbers, so that there are equal ones, and the infinities.
          var numbers: [S] = noise(count, 20, seed: UInt64(count), as: S.self).map { $0.rounded() }
          if count > 9 { (numbers[3], numbers[8]) = (.infinity, -.infinity) }
          let x = Guarded(numbers)
          let y = Guarded([S](repeating: 9, count: count))
          let scratch = UnsafeMutablePointer<S>.allocate(capacity: 2 * count + 64)
          defer { scratch.deallocate() }
          kernels.sort(x.pointer, count, order, descending, scratch, y.pointer)
          let expected = numbers.map(value).sorted { descending ? $0 > $1 : $0 < $1 }
          #expect(y.values.map(value) == expected, "\(count) \(order)")
          #expect(y.isIntact && x.isIntact && x.values == numbers)
          // In place.
          kernels.sort(x.pointer, count, order, descending, scratch, x.pointer)
          #expect(x.values.map(value) == expected)
        }
      }
    }
    check(Float.self, .floats) { Double($0) }
    check(Double.self, .floats) { Double($0) }
    check(Float.self, .signed) { Double(Int32(bitPattern: $0.bitPattern)) }
    check(Float.self, .unsigned) { Double($0.bitPattern) }
    check(Double.self, .signed) { Double(Int64(bitPattern: $0.bitPattern) >> 11) }
    check(Double.self, .unsigned) { Double($0.bitPattern >> 11) }
  }

  @Test("NaN comes last, or first in falling order", arguments: instructionSets)
  func nan(set: Machine.InstructionSet) {
    func check<S: KernelScalar>(_: S.Type) {
      var numbers: [S] = noise(100, as: S.self)
      for i in stride(from: 0, to: 100, by: 7) { numbers[i] = i % 2 == 0 ? .nan : -.nan }
      let count = 15
      let x = Guarded(numbers)
      var scratch = [S](repeating: 0, count: 264)
      S.kernels(set).sort(x.pointer, 100, .floats, false, &scratch, x.pointer)
      #expect(x.values.suffix(count).allSatisfy { $0.isNaN })
      #expect(Array(x.values.dropLast(count)) == numbers.filter { !$0.isNaN }.sorted())
      S.kernels(set).sort(x.pointer, 100, .floats, true, &scratch, x.pointer)
      #expect(x.values.prefix(count).allSatisfy { $0.isNaN })
      #expect(Array(x.values.dropFirst(count)) == numbers.filter { !$0.isNaN }.sorted(by: >))
    }
    check(Float.self)
    check(Double.self)
  }
}
