/// Why a file, or an event, does not describe exports. Says what is wrong and where, never what a secret was.
package struct ExportFileError: Error, Equatable, Sendable {
    /// What sort of mistake it is; open, so that a caller has to allow for others.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The bytes are not JSON.
        package static let notJSON = Code(rawValue: "not-json")
        /// The JSON is of another shape than IoT Central's REST API gives.
        package static let wrongShape = Code(rawValue: "wrong-shape")
        /// A member that nothing can be said without is not there.
        package static let missingMember = Code(rawValue: "missing-member")
        /// A member has a value that means nothing here.
        package static let unknownValue = Code(rawValue: "unknown-value")
        /// Two objects of one kind have one id.
        package static let repeatedID = Code(rawValue: "repeated-id")
    }

    /// What sort of mistake it is.
    package let code: Code
    /// The member, as a JSON Pointer from the object's root; empty for the whole.
    package let pointer: String
    /// What is expected there, what was found, and what to do.
    package let message: String
    /// The file and the line, where there is a file; empty for an object from elsewhere.
    package var place: String

    /// Takes all of it.
    package init(_ code: Code, at pointer: String, _ message: String, place: String = "") {
        self.code = code
        self.pointer = pointer
        self.message = message
        self.place = place
    }
}

extension ExportFileError: CustomStringConvertible {
    /// One sentence: where, what.
    package var description: String {
        let member = pointer.isEmpty ? "" : "\(pointer): "
        return place.isEmpty ? member + message : "\(place): \(member)\(message)"
    }
}
