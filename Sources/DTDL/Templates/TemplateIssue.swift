/// Something in a template that does not stop it from being used, but that its author should know.
public struct TemplateIssue: Sendable, Equatable {
    /// What it is. Open: later versions may know more.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The stable text.
        public let rawValue: String

        /// A code by its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A capability has no `name`; it is left out.
        public static let nameMissing = Code(rawValue: "name-missing")
        /// A content has no type that DTDL knows; it is left out.
        public static let typeUnknown = Code(rawValue: "type-unknown")
        /// A schema is missing, or is no term and no element of the template; every value passes.
        public static let schemaUnknown = Code(rawValue: "schema-unknown")
        /// An Interface is referred to by an id that the template does not contain and the resolver does not know.
        public static let interfaceUnresolved = Code(rawValue: "interface-unresolved")
        /// Two capabilities of one component have the same name.
        public static let nameDuplicate = Code(rawValue: "name-duplicate")
        /// A component holds a component; its contents are left out (DTDL forbids it).
        public static let componentNested = Code(rawValue: "component-nested")
        /// An Interface extends itself, by a longer way or a shorter.
        public static let extendsCycle = Code(rawValue: "extends-cycle")
    }

    /// What it is.
    public let code: Code
    /// One sentence: what, where, and what to do.
    public let message: String
    /// The line in the template's JSON, from 1.
    public let line: Int
    /// The identifier that is missing, for `interfaceUnresolved`.
    public let identifier: String?
}

/// A template that cannot be used at all.
public struct TemplateError: Error, Sendable, CustomStringConvertible {
    /// What is wrong. Open: later versions may know more.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The stable text.
        public let rawValue: String

        /// A code by its text.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The bytes are not text in UTF-8 or UTF-16.
        public static let encoding = Code(rawValue: "encoding")
        /// The text is not JSON.
        public static let syntax = Code(rawValue: "syntax")
        /// The JSON is neither an Interface, nor an array of them, nor a device template.
        public static let shape = Code(rawValue: "shape")
        /// Neither the template nor its Interface has an id.
        public static let idMissing = Code(rawValue: "id-missing")
    }

    /// What is wrong.
    public let code: Code
    /// One sentence: what, where, expected and actual, what to do.
    public let description: String
}
