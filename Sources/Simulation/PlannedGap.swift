import Diagnostics

/// A row that has to appear among the gaps of the fleet's exports.
package struct PlannedGap: Hashable, Sendable {
    /// The export's id.
    package let exportID: String
    /// The destination's id; empty where nothing says where the export sends to.
    package let destinationID: String
    /// Why nothing was delivered.
    package let cause: String
    /// The first instant, in RFC 3339.
    package let start: String
    /// The first instant after it, in RFC 3339; nil where it goes on.
    package let end: String?
    /// How many events were not delivered; nil where nothing says what the export should have sent.
    package let events: Int?
    /// Of how many devices; nil likewise.
    package let devices: Int?
    /// Whether the demo gives them back.
    package let isGivenBack: Bool

    /// A row of its parts.
    package init(
        exportID: String, destinationID: String, cause: String, start: String, end: String?, events: Int?, devices: Int?, isGivenBack: Bool = false
    ) {
        self.exportID = exportID
        self.destinationID = destinationID
        self.cause = cause
        self.start = start
        self.end = end
        self.events = events
        self.devices = devices
        self.isGivenBack = isGivenBack
    }
}

/// Counts what exports do not deliver, device by device.
struct PlannedGaps {
    private var exports: [(export: PlannedExport, events: Int, devices: Int)]
    /// Of exports that are switched off for good and of which nobody says what they are.
    private var unknown: [PlannedGap] = []

    init(_ plan: FleetPlan) { exports = plan.exports.map { ($0, 0, 0) } }

    /// Takes in what a device sends.
    mutating func take(_ script: [PlannedMessage], of device: PlannedDevice) {
        for index in exports.indices {
            let events = script.count { exports[index].export.lacks($0) }
            exports[index].events += events
            exports[index].devices += events > 0 ? 1 : 0
        }
        for message in script where message.kind == .exportOff {
            unknown.append(
                PlannedGap(
                    exportID: device.exportID, destinationID: "", cause: "disabled", start: message.time.rfc3339, end: nil, events: nil, devices: nil)
            )
        }
    }

    /// All of them; an outage in which nothing was to be sent is none.
    var all: [PlannedGap] {
        exports.filter { $0.events > 0 }.map {
            PlannedGap(
                exportID: $0.export.exportID, destinationID: $0.export.destinationID, cause: $0.export.cause, start: $0.export.start.rfc3339,
                end: $0.export.end.rfc3339, events: $0.events, devices: $0.devices, isGivenBack: $0.export.isGivenBack)
        } + unknown
    }
}
