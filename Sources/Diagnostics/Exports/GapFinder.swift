/// Finds the gaps of a route in the evidence about it. Pure, and the order of the evidence means nothing.
///
/// An event that the export should have sent is decided by the first of these that has something to say about it:
///
/// 1. a comparison of the log with the destination that covers the event's time: the newest. It is missing when the comparison names it.
/// 2. receipts, where its offset lies between the first and the last of its partition. It is missing when no receipt has it, and may be missing where the only
///    ones that have it count fewer events than they should.
/// 3. the timeline. It is missing when the export was not there, was off, or had given up on the destination.
/// 4. silence of a source that the export itself feeds.
///
/// So no event is in two gaps. What the evidence is too young for is in none yet.
package enum GapFinder {
    /// The gaps, by start.
    package static func gaps(in history: ExportHistory, settings: GapSettings) -> [FoundGap] {
        let search = GapSearch(history, settings: settings)
        let gaps = search.listed() + search.receipted() + search.doubted() + search.timed() + search.silent()
        return gaps.sorted { ($0.start, $0.order) < ($1.start, $1.order) }
    }

    /// Puts what all routes of a tenant miss at once into one gap, which is about no destination: silences of all bound routes of which each overlaps the
    /// others. Where a tenant has but one bound route there is nothing to put together.
    ///
    /// - Parameters:
    ///   - gaps: the gaps of all routes of any number of tenants.
    ///   - boundRoutes: every route that feeds the log.
    package static func joined(_ gaps: [FoundGap], boundRoutes: [ExportRoute]) -> [FoundGap] {
        var kept = gaps.filter { $0.cause != .sourceSilent }
        let silent = Dictionary(grouping: gaps.filter { $0.cause == .sourceSilent }, by: \.route.tenant)
        for (tenant, silences) in silent {
            let routes = Set(boundRoutes.filter { $0.tenant == tenant })
            let common = TimeRanges.common(of: routes.map { route in silences.filter { $0.route == route }.map(\.range) })
            guard routes.count > 1, !common.isEmpty else {
                kept += silences
                continue
            }
            for shared in common {
                let members = silences.filter { $0.range.overlaps(shared) }
                guard let first = members.map(\.route).min(), let start = members.map(\.range.lowerBound).min(),
                    let end = members.map(\.range.upperBound).max()
                else { continue }
                let export = Set(members.map(\.route.exportID)).count == 1 ? first.exportID : ""
                kept.append(
                    FoundGap(
                        route: ExportRoute(tenant: tenant, exportID: export, destinationID: ""), cause: .sourceSilent, certainty: .inferred,
                        start: start,
                        end: end == .endless ? nil : end, evidence: "All \(routes.count) exports that feed the log fell silent together."))
            }
            kept += silences.filter { silence in !common.contains { $0.overlaps(silence.range) } }
        }
        return kept.sorted { ($0.route, $0.start, $0.order) < ($1.route, $1.start, $1.order) }
    }
}

extension FoundGap {
    /// From the first instant to the first after it, which lies beyond all others where the gap is open.
    var range: Range<Timestamp> { start..<(end ?? .endless) }

    /// Makes an order of gaps with one start total.
    fileprivate var order: String {
        switch extent {
        case .time: "0 \(cause.rawValue)"
        case .offsets(let topic, let partition, let first, _): "1 \(cause.rawValue) \(topic) \(partition) \(first)"
        case .listed(let number): "2 \(cause.rawValue) \(number)"
        }
    }
}
