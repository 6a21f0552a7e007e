// The profile counts what was computed, and its parts add up to the whole.

import Autograd
import TestSupport
import Testing

@Suite("A profile")
struct ProfileTests {
  @Test("counts calls, arithmetic and traffic of each operation and direction")
  func counts() throws {
    let tape = Tape<Float>()
    let profile = Profile()
    tape.profile = profile
    profile.begin()
    for _ in 0..<3 {
      tape.reset()
      let x = tape.constant(.ones([8, 5]))
      let w = tape.variable(.ones([5, 2]))
      profile.enter { "first" }
      let y = matmul(x, w)
      profile.enter { "" }
      _ = tape.gradients(of: sum(y))
    }
    func entry(_ operation: String, _ phase: Profile.Phase) throws -> Profile.Entry {
      try #require(profile.entries.first { $0.operation == operation && $0.phase == phase })
    }
    let forward = try entry("matmul", .forward)
    #expect(forward.layer == "first" && forward.calls == 3)
    #expect(forward.flops == 3 * 2 * 8 * 5 * 2)
    #expect(forward.bytes == 3 * 4 * (8 * 5 + 5 * 2 + 8 * 2))
    // No gradient is computed for the constant: one product.
    let backward = try entry("matmul", .backward)
    #expect(backward.layer == "first" && backward.flops == forward.flops)
    #expect(try entry("sum", .forward).layer == "")
    #expect(profile.entries.count == 4)
    #expect(profile.entries.allSatisfy { $0.seconds > 0 })
    #expect(abs(profile.seconds - profile.entries.map(\.seconds).reduce(0, +)) < 1e-12)
  }

  @Test("counts what is done beside the tape")
  func laps() {
    let profile = Profile()
    profile.begin()
    profile.lap("update", bytes: 8)
    profile.lap("update", bytes: 8)
    #expect(profile.entries.count == 1 && profile.entries[0].calls == 2)
    #expect(profile.entries[0].bytes == 16 && profile.entries[0].phase == .other)
  }
}
