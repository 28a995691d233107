import ArgumentParser

/// `hindcast template`.
struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Checks, compares, infers and publishes device templates, and decides which are in force.",
        discussion: """
            A version of a template never changes. Publishing stores one; the first version of an id is in force at once, later ones from when they are \
            activated. Messages that name no template are judged by the one that their device is assigned to.
            """,
        subcommands: [
            TemplateCheckCommand.self, TemplateDiffCommand.self, TemplateInferCommand.self, TemplatePublishCommand.self, TemplateActivateCommand.self,
            TemplateAssignCommand.self, TemplateListCommand.self, TemplateShowCommand.self,
        ])
}

/// A template's id with or without a version, as `dtmi:example:Pump;1@2`.
struct TemplateName: ExpressibleByArgument, Hashable, Sendable {
    let templateID: String
    /// An ordinal, or the beginning of a hash.
    let version: String?

    init?(argument: String) {
        // Ids may hold an @, versions never do.
        if let at = argument.lastIndex(of: "@"), at != argument.startIndex {
            templateID = String(argument[..<at])
            version = String(argument[argument.index(after: at)...])
        } else {
            templateID = argument
            version = nil
        }
        if templateID.isEmpty { return nil }
    }
}
