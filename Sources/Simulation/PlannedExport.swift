package import Diagnostics

/// A data export of the simulated fleet, and the one stretch of time in which it delivered nothing.
package struct PlannedExport: Hashable, Sendable {
    /// What befell it.
    enum Outage: Hashable, Sendable {
        /// Somebody switched it off, and on again.
        case switchedOff
        /// The destination refused its identity for longer than the service tries again.
        case refused
    }

    /// Microseconds for which the service tries again before it gives up on a destination: 15 minutes.
    static let retries: Int64 = 900_000_000

    /// The export's id.
    package let exportID: String
    /// The id of its only destination.
    package let destinationID: String
    /// What befell it.
    let outage: Outage
    /// The first instant that it did not deliver.
    package let start: Timestamp
    /// The first instant that it delivered again.
    package let end: Timestamp
    /// Whether the demo gives back what was not delivered.
    package let isGivenBack: Bool

    /// Why, in the words of the view `export_gaps`.
    package var cause: String {
        switch outage {
        case .switchedOff: "disabled"
        case .refused: "permission-missing"
        }
    }

    /// Whether it should have sent such a message and did not.
    func lacks(_ message: PlannedMessage) -> Bool { message.kind.isExported && start <= message.time && message.time < end }

    /// The exports of a fleet whose history ends at a time.
    ///
    /// One was off while those devices still sent that are silent since: no device's silence began with it, so it explains none. The other failed during the
    /// last twenty minutes, when all send that are well.
    static func all(endingAt end: Timestamp) -> [PlannedExport] {
        func ago(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: end.microseconds - seconds * 1_000_000) }
        return [
            PlannedExport(
                exportID: DemoExports.lake, destinationID: "lake", outage: .refused, start: ago(18 * 60), end: ago(60), isGivenBack: false),
            PlannedExport(
                exportID: DemoExports.archive, destinationID: "archive", outage: .switchedOff, start: ago(7200 + 19 * 60), end: ago(7200 + 16 * 60),
                isGivenBack: true),
        ]
    }
}
