import Diagnostics

/// What changed about a device, in order of time: a pure fold over its states and over what operators decided. It keeps the last entries only.
struct Timeline {
    /// One change, or several changes of the connection in a row.
    struct Entry: Equatable, Sendable {
        /// What changed, as JSON output names it.
        enum Kind: String, Sendable {
            case firstSeen = "first_seen"
            case registration, approval, access, provisioning, simulated, identity, renamed, template, connection, assigned
            case templateVersion = "template_version"
        }

        let time: Timestamp
        /// The last change of a run; equal to `time` for a single one.
        var until: Timestamp
        let kind: Kind
        /// What it is now.
        var value: String
        /// How many changes the entry stands for.
        var count = 1
        /// Where the (last) change stands in the log; nil for a decision of an operator.
        var position: EventPosition?
        /// Who decided; nil for what an event says.
        var actor: String?
        /// The device's facts after the change; nil before its first event.
        var state: DeviceState?
    }

    /// A decision that concerns the device.
    struct Decision: Equatable, Sendable {
        let time: Timestamp
        let actor: String
        let kind: Entry.Kind
        let templateID: String
        let value: String
    }

    private let limit: Int
    private let since: Timestamp
    private var decisions: ArraySlice<Decision>
    private var last: DeviceState?
    /// The template that an operator assigned last.
    private var assigned: String?
    /// The changes, the last ones.
    private(set) var entries: [Entry] = []

    /// Begins with decisions in order of time.
    init(decisions: [Decision], since: Timestamp, limit: Int) {
        self.decisions = decisions[...]
        self.since = since
        self.limit = limit
    }

    /// Takes the state after an event in.
    mutating func take(_ state: DeviceState, time: Timestamp, position: EventPosition, renamed: Bool) {
        decide(before: time)
        let old = last
        last = state
        func note(_ kind: Entry.Kind, _ value: String) {
            append(Entry(time: time, until: time, kind: kind, value: value, position: position, state: state))
        }
        if old == nil { note(.firstSeen, "first event") }
        if let fact = state.presence, fact.value != old?.presence?.value {
            note(.registration, fact.value == .registered ? "registered" : "deleted")
        }
        if let life = state.lives.current, let before = old?.lives.current, life.generation != before.generation {
            note(.identity, "another identity of the same id")
        }
        if let fact = state.approved, fact.value != old?.approved?.value { note(.approval, fact.value ? "approved" : "waits for approval") }
        if let fact = state.access, fact.value != old?.access?.value { note(.access, fact.value == .enabled ? "enabled" : "blocked") }
        if let fact = state.provisioned, fact.value != old?.provisioned?.value {
            note(.provisioning, fact.value ? "provisioned" : "not provisioned")
        }
        if let fact = state.simulated, fact.value != old?.simulated?.value { note(.simulated, fact.value ? "simulated" : "real") }
        if let fact = state.template, fact.value != old?.template?.value { note(.template, fact.value) }
        if renamed { note(.renamed, "renamed") }
        if let word = Self.word(state), word != old.flatMap(Self.word) { connect(word, time, position, state) }
    }

    /// Takes what was decided since the last event in.
    mutating func finish() { decide(before: .latest) }

    // MARK: -

    /// The last word on the connection, whichever way it was said.
    private static func word(_ state: DeviceState) -> DeviceDelta.Connection? {
        guard let plain = state.connection else { return state.hubConnection?.value }
        guard let numbered = state.hubConnection else { return plain.value }
        return plain.time > numbered.time ? plain.value : numbered.value
    }

    /// Changes of the connection in a row are one entry: a device that is on a bad network has thousands.
    private mutating func connect(_ word: DeviceDelta.Connection, _ time: Timestamp, _ position: EventPosition, _ state: DeviceState) {
        let value = word == .connected ? "connected" : "disconnected"
        guard let index = entries.indices.last, entries[index].kind == .connection else {
            return append(Entry(time: time, until: time, kind: .connection, value: value, position: position, state: state))
        }
        entries[index].until = time
        entries[index].value = value
        entries[index].count += 1
        entries[index].position = position
        entries[index].state = state
    }

    private mutating func decide(before time: Timestamp) {
        while let next = decisions.first, next.time < time {
            decisions.removeFirst()
            if next.kind == .assigned { assigned = next.templateID }
            // A version matters to the devices whose template it is.
            if next.kind == .templateVersion, next.templateID != (last?.template?.value ?? assigned) { continue }
            append(Entry(time: next.time, until: next.time, kind: next.kind, value: next.value, actor: next.actor, state: last))
        }
    }

    private mutating func append(_ entry: Entry) {
        guard entry.time >= since else { return }
        entries.append(entry)
        if entries.count > limit { entries.removeFirst() }
    }
}
