/// Every epoch of one source in one generation: which template applies to which event.
///
/// A pure function of (generation, device, position). Live folding, replay and explanation all ask here.
package struct EpochList: Equatable, Sendable {
    /// What applies to an event.
    package enum Resolution: Equatable, Sendable {
        /// The message names no template and none is assigned.
        case unassigned
        /// A template id without a version in force.
        case unknown(templateID: String)
        /// A version in force.
        case version(key: Int32)
    }

    private struct Step<Value: Equatable & Sendable>: Equatable {
        let fromOffset: Int64
        let controlSeq: Int64
        let value: Value
    }

    private struct Version: Equatable {
        let key: Int32
        /// The devices that it is for; all where empty.
        let patterns: [DevicePattern]
    }

    private struct Assignment: Equatable {
        let templateID: String
        let tenant: String
        /// Ids that stand for themselves. By bytes: to Swift, texts that Unicode calls equivalent are one.
        let devices: Set<[UInt8]>
        let patterns: [DevicePattern]

        init(_ templateID: String, tenant: String, devices: [String]) {
            self.templateID = templateID
            self.tenant = tenant
            let patterns = devices.map { DevicePattern($0) }
            self.patterns = patterns.filter { !$0.isLiteral }
            self.devices = Set(zip(devices, patterns).filter { $1.isLiteral }.map { Array($0.0.utf8) })
        }

        func covers(tenant other: String, _ device: String, _ bytes: [UInt8]) -> Bool {
            (tenant.isEmpty || tenant == other) && (devices.contains(bytes) || patterns.contains { $0.matches(device) })
        }
    }

    // All three are in the order of control events, the last also in the order of offsets.
    private var versions: [String: [Step<Version>]] = [:]
    private var assignments: [Step<Assignment>] = []
    private var borders: [Int64] = []

    /// Whether a template's version depends on the device also where the message names the template.
    package private(set) var dependsOnDevice = false

    /// Takes epochs in any order.
    package init(_ epochs: [Epoch] = []) {
        for epoch in epochs { append(epoch) }
    }

    /// Takes one more epoch, in any order.
    package mutating func append(_ epoch: Epoch) {
        switch epoch.act {
        case .publish(_, _, isFirst: false), .ruleSet, .other:
            return
        case .publish(let templateID, let key, isFirst: true), .activate(let templateID, let key):
            Self.insert(Version(key: key, patterns: []), of: epoch, into: &versions[templateID, default: []])
        case .replay(_, let templateID, let key, let devices):
            Self.insert(Version(key: key, patterns: devices.map(DevicePattern.init)), of: epoch, into: &versions[templateID, default: []])
            dependsOnDevice = dependsOnDevice || !devices.isEmpty
        case .assign(let templateID, let tenant, let devices):
            Self.insert(Assignment(templateID, tenant: tenant, devices: devices), of: epoch, into: &assignments)
        }
        let place = borderIndex(after: epoch.fromOffset)
        if place == 0 || borders[place - 1] != epoch.fromOffset { borders.insert(epoch.fromOffset, at: place) }
    }

    /// Whether an answer for one offset may differ at a later one, up to and including `offset`: then it must be asked for again.
    package func changes(after earlier: Int64, through offset: Int64) -> Bool {
        let next = borderIndex(after: earlier)
        return next < borders.count && borders[next] <= offset
    }

    /// The template that applies to an event: the message's own id, else the device's assignment, in the version in force at the offset.
    ///
    /// An event without a device id is assigned nothing, whatever the pattern.
    package func resolve(templateRef: String, tenant: String, deviceID: String, offset: Int64) -> Resolution {
        let templateID = templateRef.isEmpty ? assigned(tenant: tenant, deviceID: deviceID, offset: offset) : templateRef
        guard let templateID else { return .unassigned }
        // Of the steps that have begun, the one of the latest control event is in force.
        let step = versions[templateID]?.last { step in
            step.fromOffset <= offset && (step.value.patterns.isEmpty || step.value.patterns.contains { $0.matches(deviceID) })
        }
        guard let step else { return .unknown(templateID: templateID) }
        return .version(key: step.value.key)
    }

    /// Whether a device is assigned a template anywhere in the source.
    package func mayAssign(_ templateID: String, tenant: String, deviceID: String) -> Bool {
        guard !deviceID.isEmpty else { return false }
        return assignments.contains { step in
            step.value.templateID == templateID && (step.value.tenant.isEmpty || step.value.tenant == tenant)
                && step.value.patterns.contains { $0.matches(deviceID) }
        }
    }

    /// The versions of a template that are in force somewhere in the source.
    package func versionKeys(of templateID: String) -> Set<Int32> { Set((versions[templateID] ?? []).map(\.value.key)) }

    private func assigned(tenant: String, deviceID: String, offset: Int64) -> String? {
        guard !deviceID.isEmpty else { return nil }
        let bytes = Array(deviceID.utf8)
        return assignments.last { $0.fromOffset <= offset && $0.value.covers(tenant: tenant, deviceID, bytes) }?.value.templateID
    }

    private static func insert<Value>(_ value: Value, of epoch: Epoch, into steps: inout [Step<Value>]) {
        let place = steps.lastIndex { $0.controlSeq < epoch.controlSeq }.map { $0 + 1 } ?? 0
        steps.insert(Step(fromOffset: epoch.fromOffset, controlSeq: epoch.controlSeq, value: value), at: place)
    }

    /// The number of borders up to and including an offset.
    private func borderIndex(after offset: Int64) -> Int {
        var low = 0
        var high = borders.count
        while low < high {
            let middle = low + (high - low) / 2
            if borders[middle] <= offset { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
