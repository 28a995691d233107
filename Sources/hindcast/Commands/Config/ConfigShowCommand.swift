import ArgumentParser

/// `hindcast config show`.
struct ConfigShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints every setting with its value and where that comes from.",
        discussion: """
            The value in force is that of the flag, else of the HINDCAST_… variable, else of the file, else the default. Secrets are printed as ***. \
            Settings are checked on the way: what is wrong is named, and the exit status is 2.

            Examples:
              hindcast config show
              HINDCAST_KAFKA_BOOTSTRAP_SERVERS=kafka:9092 hindcast config show --set ingest.topics=telemetry
            """)

    @OptionGroup var options: SettingOptions
    @OptionGroup var kafka: KafkaOptions

    func run() throws {
        for line in SettingsReport(try options.load(kafka.flags)).lines(Palette(isOn: Output.isColoured)) { Output.line(line) }
    }
}
