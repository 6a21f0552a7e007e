import Testing

/// Whether what a stopped program left on standard error contains each of the given phrases.
///
/// For exit tests:
///
/// ```swift
/// let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { … }
/// #expect(message(of: result, contains: "matmul", "[2, 3]"))
/// ```
public func message(of result: ExitTest.Result?, contains phrases: String...) -> Bool {
  guard let result else { return false }
  let text = String(decoding: result.standardErrorContent, as: UTF8.self)
  return phrases.allSatisfy { text.contains($0) }
}
