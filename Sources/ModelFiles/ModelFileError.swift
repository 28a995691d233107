/// A file or folder of models that cannot be read.
package struct ModelFileError: Error, Sendable, CustomStringConvertible {
    /// The file or folder.
    package let path: String
    /// What is wrong with it, as part of a sentence: `there is no such file or folder`.
    package let reason: String

    /// An error of its parts.
    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    /// One sentence: what, where, what to do.
    package var description: String { "Cannot read models from \(path): \(reason)." }
}
