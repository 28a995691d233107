package import Diagnostics
package import Hashing

/// A version of a device template as it was published: immutable.
package struct TemplateVersion: Equatable, Sendable {
    /// The version's number among all versions of all templates; what tables refer to.
    package let key: Int32
    package let templateID: String
    /// The version's number within the template, from 1.
    package let version: Int32
    /// SHA-256 of the canonical JSON.
    package let sha256: SHA256Digest
    package let publishedAt: Timestamp
    /// The version that a decision last put in force. Folds hear of it at their next batch border.
    package let isInForce: Bool
}

/// What publishing did.
package struct PublishResult: Equatable, Sendable {
    /// The version that holds the content; an earlier one where the content was there already.
    package let version: TemplateVersion
    /// Whether the content is new under this id.
    package let isNew: Bool
    /// What the template's author should know, in sentences with the line of the file.
    package let issues: [Issue]

    /// One remark on a template.
    package struct Issue: Equatable, Sendable {
        /// A stable name of what it is.
        package let code: String
        package let message: String
        /// The line of the file, from 1.
        package let line: Int
    }
}

/// What activating did.
package struct ActivateResult: Equatable, Sendable {
    package let version: TemplateVersion
    /// The control event's number; nil where the version was in force already and nothing was recorded.
    package let controlSeq: Int64?
}
