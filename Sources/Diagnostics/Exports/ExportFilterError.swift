/// Why an export's filter cannot be evaluated here: it is wrong, or it asks for something that is not known of.
package struct ExportFilterError: Error, Equatable, Sendable {
    /// Where, in bytes from the filter's start.
    package let offset: Int
    /// What was expected there.
    package let expected: String
    /// What stands there, cut short.
    package let actual: String

    /// Takes all three.
    package init(offset: Int, expected: String, actual: String) {
        self.offset = offset
        self.expected = expected
        self.actual = actual
    }
}

extension ExportFilterError: CustomStringConvertible {
    /// One sentence: where, expected, actual, what follows from it.
    package var description: String {
        "the filter cannot be evaluated: at byte \(offset) expected \(expected), found \(actual); events of this export are not counted"
    }
}
