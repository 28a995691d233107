import Diagnostics
import EventLog
import Postgres

/// Which devices the change may touch: those with an event below the cut that the template tried is resolved for, before or after. More is never wrong, only slower.
struct TouchedDevices {
    /// Their numbers; nil where every event has to be read.
    private(set) var keys: [Int32]?
    /// Why, where it was not asked for.
    private(set) var reasonForAll: String?

    /// So many that naming them in each read costs more than it saves.
    private static let limit = 50_000

    init(_ request: ReplayRequest, _ tried: TriedVersion?, in frozen: FrozenEpochs, on connection: inout Connection) throws(ReplayError) {
        guard let tried, !request.isFull, request.toTime == nil else { return }
        var found: Set<Int32> = []
        for source in frozen.sources {
            let list = EpochList(source.base + source.pending)
            if source.base.contains(where: { $0.fromOffset > 0 && $0.isRuleSet }) {
                reasonForAll = "an older rule set judged a part of source \(source.log.sourceID)"
                return
            }
            if tried.templateIDs.contains(where: { list.hasUnknownPast(of: $0, epochs: source.base) }) {
                reasonForAll = "a template was assigned to devices of source \(source.log.sourceID) before a version of it was in force"
                return
            }
            let isIndexed = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                try LogDevices.isIndexed(source: source.log.sourceID, before: source.cut, by: EventDecoder.version, on: &connection)
            }
            guard isIndexed else {
                reasonForAll = "an older decoder indexed a part of source \(source.log.sourceID)"
                return
            }
            for templateID in tried.templateIDs.sorted() {
                let mentions = try connection.replaying { (connection: inout Connection) throws(PostgresError) in
                    try LogDevices.mentioning(templateID, source: source.log.sourceID, before: source.cut, on: &connection)
                }
                for mention in mentions where mention.names || list.mayAssign(templateID, tenant: mention.tenant, deviceID: mention.deviceID) {
                    found.insert(mention.key)
                }
            }
            if found.count > Self.limit {
                reasonForAll = "more than \(Self.limit) devices may be touched"
                return
            }
        }
        keys = found.sorted()
    }
}

extension Epoch {
    fileprivate var isRuleSet: Bool {
        if case .ruleSet = act { true } else { false }
    }
}

extension EpochList {
    /// Whether devices were assigned a template while no version of it was in force: their findings then named no template at all, so that the sums over the
    /// fleet do not tell them from those of other devices.
    fileprivate func hasUnknownPast(of templateID: String, epochs: [Epoch]) -> Bool {
        epochs.contains { epoch in
            guard case .assign(templateID, _, _) = epoch.act else { return false }
            if case .version = resolve(templateRef: templateID, tenant: "", deviceID: "", offset: epoch.fromOffset) { return false }
            return true
        }
    }
}
