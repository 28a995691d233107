import ArgumentParser
import Logging

/// `topic`: makes a topic, for consumers that are started before anything is sent.
struct TopicCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "topic", abstract: "Make a topic, unless it is there.")

    @OptionGroup var broker: BrokerOptions

    func run() throws { try broker.makeTopic(Logger(label: "hindcast-load")) }
}
