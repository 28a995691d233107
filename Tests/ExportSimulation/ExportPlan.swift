package import Diagnostics
import Simulation

/// The exports of the simulated day and the forty incidents that befall them.
package struct ExportPlan: Sendable {
    /// The tenant whose log is upstream of its exports.
    package static let upstream = "north"
    /// The tenant whose log is itself the destination of its export.
    package static let bound = "east"

    /// Every export and destination.
    package let routes: [SimulatedRoute]
    /// What befalls them.
    package let incidents: [Incident]
    /// Outages that a destination recovers from within the service's 15 minutes, by route: delivered late, and no gap.
    package let shortOutages: [(route: Int, window: Range<Timestamp>)]

    /// Plans a day.
    package init(_ scale: DayScale) {
        let north = Self.upstream
        routes = [
            SimulatedRoute(north, "telemetry", to: "lake", .telemetry, .kafka),
            SimulatedRoute(north, "telemetry", to: "archive", .telemetry, .blobStorage, isManagedIdentity: true, isReadable: false),
            SimulatedRoute(north, "hot", to: "alarms", .telemetry, above: 25, .eventHubs, isManagedIdentity: true),
            SimulatedRoute(north, "properties", to: "registry", .properties, .kafka),
            SimulatedRoute(north, "lifecycle", to: "inventory", .deviceLifecycle, .eventHubs),
            SimulatedRoute(north, "connectivity", to: "desk", .deviceConnectivity, .webhook, isReadable: false),
            SimulatedRoute(north, "late", to: "science", .telemetry, .kafka),
            SimulatedRoute(Self.bound, "everything", to: "log", .telemetry, .eventHubs, isBound: true),
        ]
        var layout = Layout(scale)
        for (slot, route, kind) in Self.table { layout.add(kind, slot, route) }
        incidents = layout.incidents
        let slot = scale.slotMinutes
        // In parts of the day in which nothing else befalls these routes.
        shortOutages = [0, 1, 6].map { route in
            let start = scale.start.after(minutes: 2 * slot + slot / 2)
            return (route, start..<start.after(minutes: 9))
        }
    }

    /// Slot, routes and what happens. Two routes of one export are switched off together.
    private static let table: [(Int, [Int], Incident.Kind)] = [
        (0, [0, 1], .disabled), (1, [0], .destinationFailed), (3, [0], .lost), (4, [0], .permissionMissing), (5, [0], .throttled),
        (1, [1], .throttled), (3, [1], .lost), (4, [1], .destinationFailed), (5, [1], .permissionMissing),
        (0, [2], .permissionMissing), (1, [2], .disabled), (3, [2], .destinationFailed), (4, [2], .removed), (5, [2], .lost),
        (0, [3], .destinationFailed), (1, [3], .lost), (2, [3], .disabled), (3, [3], .throttled), (4, [3], .removed), (5, [3], .stillDisabled),
        (0, [4], .lost), (1, [4], .permissionMissing), (2, [4], .throttled), (3, [4], .disabled), (4, [4], .flagOnly), (5, [4], .stillFailed),
        (0, [5], .lost), (1, [5], .destinationFailed), (2, [5], .permissionMissing), (3, [5], .disabled),
        (5, [5], .stillRemoved),
        (1, [6], .notCreated), (2, [0, 2, 6], .malformed), (3, [6], .flagOnly), (4, [6], .destinationFailed), (5, [6], .stillRemoved),
        (1, [7], .boundDisabled), (3, [7], .boundSilent), (4, [7], .boundFailed),
    ]
}

/// Incidents at their places in the day.
private struct Layout {
    private(set) var incidents: [Incident] = []
    private let scale: DayScale
    private var numbers: SeededNumbers

    init(_ scale: DayScale) {
        self.scale = scale
        numbers = SeededNumbers(seed: scale.seed, 0xE)
    }

    /// Begins 10 to 15 minutes into its slot, lasts at least 24 and ends at least 12 before the slot does.
    mutating func add(_ kind: Incident.Kind, _ slot: Int, _ routes: [Int]) {
        let start = Int64(slot) * scale.slotMinutes + Int64.random(in: 10...15, using: &numbers)
        let longest = scale.slotMinutes - 12 - 15
        let length = Int64.random(in: 24...max(24, longest), using: &numbers)
        var window = scale.start.after(minutes: start)..<scale.start.after(minutes: start + length)
        switch kind {
        case .stillDisabled, .stillRemoved, .stillFailed: window = window.lowerBound..<scale.end.after(minutes: 24 * 60)
        case .notCreated: window = scale.start..<window.upperBound
        case .malformed: window = window.lowerBound..<window.lowerBound.after(minutes: 1)
        default: break
        }
        incidents.append(Incident(kind: kind, routes: routes, window: window))
    }
}
