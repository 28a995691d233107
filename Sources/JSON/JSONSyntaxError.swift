/// Why and where bytes are not JSON.
public struct JSONSyntaxError: Error, Equatable, Sendable {
    /// Why.
    public let reason: JSONFaultReason

    /// Where, in bytes from 0: the first byte at which no continuation could have made a JSON text of what came before. It equals the number
    /// of bytes for `empty` and `truncated`. For `not-utf8` it is the first byte of the ill-formed sequence, for `lone-surrogate` the backslash
    /// of the escape.
    public let offset: Int

    /// What could have stood there, in words.
    public let expected: String

    /// What stands there: a character, a code point, a byte, or the end of the input. Never more than a few characters of the document.
    public let actual: String

    /// Makes an error; readers do, and so may code that finds the same fault by other means.
    public init(reason: JSONFaultReason, offset: Int, expected: String, actual: String) {
        self.reason = reason
        self.offset = offset
        self.expected = expected
        self.actual = actual
    }
}

extension JSONSyntaxError: CustomStringConvertible {
    /// One sentence: reason, byte offset, expected, actual.
    public var description: String { "not JSON (\(reason.rawValue)) at byte \(offset): expected \(expected), found \(actual)" }

    /// The same sentence with the line and column in `bytes`, the document that was read.
    public func description(in bytes: RawSpan) -> String {
        "not JSON (\(reason.rawValue)) at \(JSONLocation(ofByte: offset, in: bytes)): expected \(expected), found \(actual)"
    }
}
