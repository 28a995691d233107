/// What a trouble means for the device that has it: how it shows, and what has to be said of it.
package struct TroubleProfile: Sendable {
    /// What a person would say.
    package let story: String
    /// The cause that has to come first in the diagnosis; nil for devices that are well.
    package let cause: String?
    /// How often it is drawn, in proportion to the others.
    let share: Int
    /// The formats that carry it; the device has one of them.
    let formats: [FleetFormat]
    /// The label of health, where it does not follow from how many messages fail.
    let health: String?
    /// The kind of telemetry message that shows it.
    let faulty: MessageKind?
    /// What is sent beside the telemetry, five times in the history.
    let extra: MessageKind?
    /// What the service reports of the device, where `extra` is a report.
    let report: ReportedError?
    /// What ends the device's telemetry, two hours ago.
    let ending: Ending?

    /// How a device's telemetry ends before the history does.
    enum Ending: Sendable {
        /// With nothing.
        case silence
        /// With one last message.
        case message(MessageKind)
        /// With reports that go on until the history ends.
        case reports
        /// It never begins: there is one message and nothing else.
        case instead(MessageKind)
    }

    init(
        _ story: String, cause: String?, share: Int = 1, in formats: [FleetFormat] = FleetFormat.mix, health: String? = nil,
        faulty: MessageKind? = nil, extra: MessageKind? = nil, report: ReportedError? = nil, ending: Ending? = nil
    ) {
        self.story = story
        self.cause = cause
        self.share = share
        self.formats = formats
        self.health = health
        self.faulty = faulty
        self.extra = extra
        self.report = report
        self.ending = ending
    }

    /// Whether its devices go on sending after the history.
    package var goesOn: Bool { ending == nil }
}

/// An error that a service reports of a device, as `dev.hindcast.device.error` carries it.
struct ReportedError: Hashable, Sendable {
    /// Who reports it.
    let origin: String
    /// The status, as in HTTP.
    let status: Int
    /// The service's own code.
    let subcode: String
    /// What it says, in words of ours.
    let message: String
}
