import ArgumentParser
import Kafka

/// `hindcast version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Prints the program's version and that of the Kafka library it runs with.")

    func run() { Output.line("hindcast \(Version.current) (librdkafka \(KafkaLibrary.version))") }
}
