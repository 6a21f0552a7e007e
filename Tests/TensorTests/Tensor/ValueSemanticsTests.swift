import Synchronization
import Tensor
import TestSupport
import Testing

@Suite("Value semantics")
struct ValueSemanticsTests {
  @Test("a copy does not see changes of the original, nor the other way round")
  func copies() {
    var a: Tensor<Float> = [1, 2, 3]
    var b = a
    a[0] = 10
    #expect(a == [10, 2, 3] && b == [1, 2, 3])
    b += 1
    #expect(a == [10, 2, 3] && b == [2, 3, 4])
    let c = b
    b[...] = Tensor(0)
    #expect(b == [0, 0, 0] && c == [2, 3, 4])
  }

  @Test("a view does not see changes of its tensor, nor the other way round")
  func views() {
    var a = Tensor<Int>(Array(0..<6), shape: [2, 3])
    var row = a[1, ...]
    let across = a.transposed()
    let flat = a.flattened()
    a[1, 1] = -1
    #expect(row == [3, 4, 5] && across[1, 1] == 4 && flat[4] == 4)
    row *= 2
    #expect(row == [6, 8, 10] && a == [[0, 1, 2], [3, -1, 5]])
    row[0] = 0
    #expect(row == [0, 8, 10] && across == [[0, 3], [1, 4], [2, 5]])
  }

  @Test("changing a view of every layout changes nothing else", arguments: Layout.allCases)
  func layouts(layout: Layout) {
    let original = layout.matrix(seed: 2, of: Double.self)
    let elements = original.elements
    var copy = original
    copy[2, 3] = -1
    var expected = elements
    expected[2 * 7 + 3] = -1
    #expect(copy.elements == expected && original.elements == elements)
    copy[1..., 0] += 5
    for i in 1..<5 { expected[i * 7] += 5 }
    #expect(copy.elements == expected && original.elements == elements)
    var third = original
    third.withUnsafeMutableBufferPointer { $0[34] = 0.5 }
    #expect(third.elements == elements.dropLast() + [0.5] && original.elements == elements)
  }

  @Test("in-place changes of memory of one's own keep their place and copy nothing")
  func unique() async {
    await #expect(processExitsWith: .success) {
      var a = Tensor<Float>.ones([100, 100])
      let row = Tensor<Float>.ones([100])
      let place = a.base
      let before = copyCount.load(ordering: .relaxed)
      a += 1
      a *= row
      a -= row.broadcast(to: [100, 100])
      a /= 2
      a[3, 4] = 5
      a[7, ...] = row
      a[0..., stride(from: 0, to: 100, by: 3)] = Tensor(9)
      a[1, ...] += row
      a.withUnsafeMutableBufferPointer { $0[0] = 1 }
      a = a.reshaped(to: [10, 1000])
      a += 1
      #expect(a.base == place)
      #expect(copyCount.load(ordering: .relaxed) == before)
    }
  }

  @Test("the first change of shared memory copies once, later ones do not")
  func shared() async {
    await #expect(processExitsWith: .success) {
      var a = Tensor<Float>.ones([100, 100])
      let b = a
      let before = copyCount.load(ordering: .relaxed)
      for i in 0..<100 { a[i, i] = 2 }
      a[0, ...] = b[1, ...]
      #expect(copyCount.load(ordering: .relaxed) == before + 1)
      #expect(b == .ones([100, 100]) && a.base != b.base)
    }
  }

  @Test("a slice of a tensor that is gone owns the memory alone")
  func lastOwner() async {
    await #expect(processExitsWith: .success) {
      var part = Tensor<Float>.ones([10, 10])[4..<6]
      let place = part.base
      let before = copyCount.load(ordering: .relaxed)
      part += 1
      part[0, 0] = 7
      #expect(part.base == place && copyCount.load(ordering: .relaxed) == before)
      #expect(part.sum() == 45)
    }
  }

  @Test("reading through pointers gives row-major order")
  func pointers() throws {
    let t = Tensor<Int>(Array(0..<6), shape: [2, 3]).transposed()
    #expect(t.withUnsafeBufferPointer { Array($0) } == [0, 3, 1, 4, 2, 5])
    var u = t
    u.withUnsafeMutableBufferPointer { buffer in
      for i in buffer.indices { buffer[i] = i }
    }
    #expect(u == [[0, 1], [2, 3], [4, 5]] && t[0, 1] == 3)
    struct Stop: Error {}
    #expect(throws: Stop.self) { try t.withUnsafeBufferPointer { _ in throw Stop() } }
    #expect(throws: Stop.self) { try u.withUnsafeMutableBufferPointer { _ in throw Stop() } }
    var none = Tensor<Int>.zeros([0, 2])
    none.withUnsafeMutableBufferPointer { #expect($0.isEmpty) }
  }

  @Test("the only element of any rank")
  func scalar() {
    #expect(Tensor<Int>(5).scalar == 5 && ([[[5]]] as Tensor<Int>).scalar == 5)
    #expect(Tensor<Int>([4, 5, 6])[1..<2].scalar == 5)
    #expect(Tensor<Int>([4, 5, 6])[2, ...].scalar == 6)
  }

  @Test("several tasks read one tensor and change copies of their own")
  func tasks() async {
    let shared = Tensor<Double>(numbers(1001)).reshaped(to: [7, 11, 13])
    let total = shared.sum()
    let sums = await withTaskGroup(of: Double.self, returning: [Double].self) { group in
      for index in 0..<16 {
        group.addTask {
          var mine = shared
          for _ in 0..<50 {
            mine += Double(index)
            mine[0, 0, 0] += 1
            mine = mine.transposed().transposed()
            mine -= Double(index)
            mine[0..., 0, 0] -= Tensor([1, 0, 0, 0, 0, 0, 0])
          }
          return mine.sum() + shared.transposed().contiguous().sum()
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == Array(repeating: 2 * total, count: 16))
    #expect(shared.elements == numbers(1001))
  }
}
