/// One thing that is wrong with a model.
public struct ModelError: Sendable, Equatable {
    /// Whether it makes the model invalid.
    public enum Severity: String, Sendable {
        /// It does.
        case error
        /// It does not, in the profile that was asked for.
        case warning
    }

    /// The established name of the error, as the reference implementation of DTDL has it: `invalidId`, `badType`, `noTypeThatAllows`, …
    public let code: String
    /// Whether it makes the model invalid.
    public internal(set) var severity: Severity = .error
    /// The identifier of the element that has it, if that is known; made automatically where the element has none.
    public let elementID: String?
    /// The property that has it, if it is in one.
    public let property: String?
    /// The offending text, if there is one.
    public let value: String?
    /// Which of the documents it is in, from 0; documents from a resolver follow those that were given.
    public let document: Int
    /// The line in that document, from 1.
    public let line: Int
    /// One sentence: what is wrong.
    public let cause: String
    /// One sentence: what to do.
    public let action: String
}

extension ModelError: CustomStringConvertible {
    /// Code, place, cause and action in one line.
    public var description: String { "\(code) (document \(document), line \(line)): \(cause) \(action)" }
}
