import Diagnostics

/// The tables of one source, changed as the statements change them that write a fold's changes: rows are merged, then names are cut.
struct MergedTables: Equatable {
    struct FindingRow: Equatable {
        var digest: FindingDigest
        var firstTime: Timestamp
        var firstOffset: Int64
        var lastTime: Timestamp
        var lastOffset: Int64
        var last: Finding
        var templateRef: String
        var nameHash: Int64

        init(_ delta: FindingDelta) {
            digest = delta.digest
            (firstTime, firstOffset) = (delta.firstTime, delta.firstOffset)
            (lastTime, lastOffset) = (delta.lastTime, delta.lastOffset)
            last = delta.last
            templateRef = delta.templateRef
            nameHash = delta.nameHash
        }

        mutating func merge(_ other: FindingRow) {
            digest += other.digest
            if (other.firstTime, other.firstOffset) < (firstTime, firstOffset) { (firstTime, firstOffset) = (other.firstTime, other.firstOffset) }
            if (other.lastTime, other.lastOffset, other.last.byteOffset) >= (lastTime, lastOffset, last.byteOffset) {
                (lastTime, lastOffset, last, templateRef) = (other.lastTime, other.lastOffset, other.last, other.templateRef)
            }
        }
    }

    /// A row's place in text, since only a fold makes keys.
    struct RestPlace: Hashable {
        let device: Int32
        let day: Int16
        let version: Int32
    }

    var findings: [FindingKey: FindingRow] = [:]
    var rest: [RestPlace: FindingRow] = [:]
    var hours: [FindingHourKey: Int64] = [:]
    var verdicts: [DeviceHour: VerdictDelta] = [:]
    var judgements: [Int32: DeviceVerdictDelta] = [:]
    var devices: [Int32: DeviceDelta] = [:]
    var traffic: [DeviceHour: TrafficDelta] = [:]
    var tenantTraffic: [TenantHour: TenantTraffic] = [:]
    var tenantVerdicts: [TenantHour: VerdictDelta] = [:]

    /// The sum over all rows: what proves one generation equal to another.
    var digest: FindingDigest {
        var sum = FindingDigest()
        for row in findings.values { sum += row.digest }
        for row in rest.values { sum += row.digest }
        return sum
    }

    mutating func merge(_ fold: FindingFold) {
        for (key, delta) in fold.findings {
            if key.component == "*", key.path == "/*", key.rule == .capabilityUndefined {
                mergeRest(FindingRow(delta), of: key)
            } else if findings[key]?.merge(FindingRow(delta)) == nil {
                findings[key] = FindingRow(delta)
            }
        }
        cutNames()
        hours.merge(fold.hours) { $0 + $1 }
        for (key, delta) in fold.verdicts { verdicts[key, default: VerdictDelta()].merge(delta) }
        for (key, delta) in fold.tenants { tenantVerdicts[key, default: VerdictDelta()].merge(delta) }
        judgements.merge(fold.devices) { kept, new in
            var sum = kept
            sum.templateVersionKey = Self.later(kept.templateVersionKey, new.templateVersionKey)
            sum.messages += new.messages
            sum.failed += new.failed
            return sum
        }
    }

    mutating func merge(_ fold: DeviceFold) {
        devices.merge(fold.devices) { kept, new in
            var sum = kept
            sum.firstSeen = min(kept.firstSeen, new.firstSeen)
            sum.lastSeen = max(kept.lastSeen, new.lastSeen)
            sum.messages += new.messages
            sum.bytes += new.bytes
            sum.telemetry += new.telemetry
            sum.repeated += new.repeated
            sum.expired += new.expired
            sum.firstTelemetry = [kept.firstTelemetry, new.firstTelemetry].compactMap { $0 }.min()
            sum.lastTelemetry = [kept.lastTelemetry, new.lastTelemetry].compactMap { $0 }.max()
            sum.lastProperty = [kept.lastProperty, new.lastProperty].compactMap { $0 }.max()
            sum.template = Self.later(kept.template, new.template)
            sum.templateAssigned = Self.later(kept.templateAssigned, new.templateAssigned)
            sum.connection = Self.later(kept.connection, new.connection)
            if let word = new.hubConnection { NumberedConnection.merge(&sum.hubConnection, word) }
            sum.presence = Self.later(kept.presence, new.presence)
            sum.provisioned = Self.later(kept.provisioned, new.provisioned)
            sum.approved = Self.later(kept.approved, new.approved)
            sum.access = Self.later(kept.access, new.access)
            sum.simulated = Self.later(kept.simulated, new.simulated)
            sum.lives.merge(new.lives)
            return sum
        }
        for (key, delta) in fold.traffic { traffic[key, default: TrafficDelta()].merge(delta) }
        tenantTraffic.merge(fold.tenants) { kept, new in
            var sum = kept
            sum.messages += new.messages
            sum.telemetry += new.telemetry
            sum.bytes += new.bytes
            sum.repeated += new.repeated
            return sum
        }
    }

    private static func later<Value>(_ a: LastWriter<Value>?, _ b: LastWriter<Value>?) -> LastWriter<Value>? {
        guard let a, let b else { return a ?? b }
        return (a.time, a.offset) > (b.time, b.offset) ? a : b
    }

    private mutating func mergeRest(_ row: FindingRow, of key: FindingKey) {
        let place = RestPlace(device: key.device, day: key.day, version: key.templateVersionKey)
        var row = row
        row.nameHash = .max
        if rest[place]?.merge(row) == nil { rest[place] = row }
    }

    /// `dense_rank() OVER (PARTITION BY device, day ORDER BY name_hash) > 64`.
    private mutating func cutNames() {
        let open = Dictionary(grouping: findings.filter { $0.key.rule.isOpen }) { RestPlace(device: $0.key.device, day: $0.key.day, version: 0) }
        for rows in open.values {
            let kept = Set(Set(rows.map(\.value.nameHash)).sorted().prefix(FindingFold.namesPerDay))
            for (key, row) in rows where !kept.contains(row.nameHash) {
                findings[key] = nil
                mergeRest(row, of: key)
            }
        }
    }
}
