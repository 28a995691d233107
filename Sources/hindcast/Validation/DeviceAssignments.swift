import Diagnostics

/// The rows of a device map as few assignments: between two patterns, ids that stand for themselves do not touch each other, so that the last row of an
/// id counts and those of one template go together.
struct DeviceAssignments {
    /// Devices that get a template; of two steps the later one wins.
    struct Step: Equatable {
        let templateID: String
        let devices: [String]
    }

    private var closed: [Step] = []
    /// The template of each id since the last pattern. By bytes: to Swift, texts that Unicode calls equivalent are one.
    private var open: [[UInt8]: String] = [:]

    /// Takes a row. An id that is too long for an index is cut as the decoders cut it, else no event would have it.
    mutating func append(_ device: String, to templateID: String) {
        guard !DevicePattern(device).isLiteral else {
            open[Array(BoundedText.bound(device, limit: BoundedText.identifierLimit).utf8)] = templateID
            return
        }
        closed += openSteps
        closed.append(Step(templateID: templateID, devices: [device]))
        open.removeAll(keepingCapacity: true)
    }

    /// What the rows so far come to.
    var steps: [Step] { closed + openSteps }

    private var openSteps: [Step] {
        Dictionary(grouping: open) { $0.value }.sorted { $0.key < $1.key }.map { templateID, rows in
            Step(templateID: templateID, devices: rows.map { String(decoding: $0.key, as: UTF8.self) })
        }
    }
}
