import Diagnostics
import JSON
import Replay

/// What `hindcast replay verify` says.
struct ReplayVerifyReport {
    /// One time that a generation was built again.
    struct Rebuild: Sendable {
        let generation: Int32
        let events: Int64
        let chunks: Int
        let workers: Int
        let verification: Verification
    }

    let rebuilds: [Rebuild]

    var isDifferent: Bool { rebuilds.contains { $0.verification.first != nil } }

    /// Why a difference need not mean that something is wrong.
    var reservations: [String] { rebuilds.first?.verification.reservations ?? [] }

    var text: [String] {
        rebuilds.flatMap { rebuild in
            var lines = [
                "generation \(rebuild.generation), \(Grouped.text(rebuild.events)) events, \(rebuild.chunks) chunks, workers \(rebuild.workers): "
                    + (rebuild.verification.first == nil ? "the same" : "DIFFERS")
            ]
            if let first = rebuild.verification.first {
                lines += [
                    "  first in \(first.table): device \(PrintableText.of(first.deviceID.isEmpty ? "(all)" : first.deviceID)), "
                        + "\(first.at?.rfc3339 ?? "no time"), rule \(first.rule ?? "(none)")",
                    "  stored:  \(PrintableText.of(first.stored ?? "nothing"))", "  rebuilt: \(PrintableText.of(first.rebuilt ?? "nothing"))",
                ]
            }
            return lines
        } + reservations.map { "but: \($0)" }
    }

    /// One object for each time it was built.
    var json: [String] {
        rebuilds.map { rebuild in
            JSONTree.object([
                "generation": .integer(rebuild.generation), "events": .integer(rebuild.events), "chunks": .integer(rebuild.chunks),
                "workers": .integer(rebuild.workers), "same": .bool(rebuild.verification.first == nil),
                "first_difference": rebuild.verification.first.map(Self.tree) ?? .null,
                "reservations": .array(rebuild.verification.reservations.map { .string($0) }),
            ]).onOneLine
        }
    }

    private static func tree(_ difference: Verification.Difference) -> JSONTree {
        func text(_ value: String?) -> JSONTree { value.map { .string($0) } ?? .null }
        return .object([
            "table": .string(difference.table), "tenant": .string(difference.tenant), "device_id": .string(difference.deviceID),
            "at": text(difference.at?.rfc3339), "rule": text(difference.rule), "stored": text(difference.stored), "rebuilt": text(difference.rebuilt),
        ])
    }
}
