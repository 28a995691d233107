package import DTDL

/// One version of a template, ready to judge by. A class, so that handing it around costs one reference.
package final class PublishedTemplate: Sendable {
    /// The number of the version among all versions of all templates.
    package let key: Int32
    /// The template's id.
    package let templateID: String
    /// The version's ordinal within the template, from 1.
    package let version: Int32
    /// The compiled template.
    package let compiled: CompiledTemplate

    /// Takes a version as the catalog keeps it.
    package init(key: Int32, templateID: String, version: Int32, compiled: CompiledTemplate) {
        self.key = key
        self.templateID = templateID
        self.version = version
        self.compiled = compiled
    }
}
