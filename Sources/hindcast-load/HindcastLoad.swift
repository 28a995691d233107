import ArgumentParser

/// The developers' load program: what it sends and what it reads back is what `make bench` and `make proof` measure and compare.
@main
struct HindcastLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hindcast-load",
        abstract: "Sends seeded records to Kafka and reads the log back, for make bench and make proof.",
        discussion: "What is counted is printed as one line of JSON. Not part of the product.",
        subcommands: [
            ProduceCommand.self, DigestCommand.self, FreshnessCommand.self, TopicCommand.self, TemplateCommand.self,
            MixedCaptureCommand.self, MixedFuzzCommand.self, MixedCostCommand.self,
        ])
}
