extension GapSearch {
    /// What the newest comparisons name, run by run, each with the cause of the timeline's window that it lies in.
    func listed() -> [FoundGap] {
        decided.flatMap { piece -> [FoundGap] in
            let evidence = "A comparison of the log with the destination (number \(piece.stretch.id)) did not find the events there."
            let extent = FoundGap.Extent.listed(reconciliation: piece.stretch.id)
            let malformed = clusters(piece.stretch.runs.filter(\.isMalformed), in: piece.range).map {
                gap(.malformed, .reconciled, $0, extent, Self.malformedEvidence)
            }
            let others = TimeRanges.intersect(TimeRanges.union(piece.stretch.runs.filter { !$0.isMalformed }.map(\.range)), with: piece.range)
            return malformed
                + attributed.flatMap { part -> [FoundGap] in
                    clusters(TimeRanges.intersect(others, with: part.range)).map { range in
                        gap(part.interval?.cause ?? .notDelivered, .reconciled, range, extent, words(part, evidence))
                    }
                }
        }
    }

    /// What receipts leave out, save what a comparison decides. A hole in the offsets is one gap for each cause in turn.
    func receipted() -> [FoundGap] {
        let known = Set(cover.holes)
        // A hole that the receipts have closed since it was looked at is none.
        let holes = Dictionary(grouping: history.holes.filter { known.contains($0.range) }, by: \.range)
        return holes.flatMap { range, looks -> [FoundGap] in
            let runs = looks.flatMap(\.runs)
            let extent = FoundGap.Extent.offsets(
                topic: range.topic, partition: range.partition, first: range.firstOffset, last: range.lastOffset)
            let free = TimeRanges.subtract(decidedRanges, from: Timestamp(microseconds: .min)..<settled)
            let malformed = TimeRanges.union(runs.filter(\.isMalformed).map(\.range))
            let others = TimeRanges.union(runs.filter { !$0.isMalformed }.map(\.range))
            return free.flatMap { stretch -> [FoundGap] in
                var gaps = hull(malformed, in: stretch).map { [gap(.malformed, .receipted, $0, extent, Self.malformedEvidence)] } ?? []
                for part in attributed {
                    guard let range = hull(others, in: part.range.clamped(to: stretch)) else { continue }
                    gaps.append(
                        gap(
                            part.interval?.cause ?? .notReceipted, .receipted, range, extent,
                            words(part, "The destination's receipts leave these offsets out.")))
                }
                return gaps
            }
        }
    }

    /// Where receipts count too few events, save what a comparison decides. Which events are missing nobody knows, nor therefore which cause each of them has:
    /// one is named where only one is possible.
    func doubted() -> [FoundGap] {
        ReceiptDoubts(history.ownChanges, short: history.shortReceipts, settled: settled).doubts.flatMap { doubt -> [FoundGap] in
            let end = min(doubt.end.shifted(by: 1), settled)
            guard doubt.start < end else { return [] }
            let extent = FoundGap.Extent.offsets(
                topic: doubt.range.topic, partition: doubt.range.partition, first: doubt.range.firstOffset, last: doubt.range.lastOffset)
            let evidence =
                "A receipt of these offsets counts \(doubt.worst.events) events where the export should have sent \(doubt.worst.expected), and does not say "
                + "which are missing: a comparison can (`hindcast export reconcile`)."
            return TimeRanges.subtract(decidedRanges, from: doubt.start..<end).map { range in
                let parts = attributed.filter { $0.interval != nil && $0.range.overlaps(range) }
                guard let part = parts.first, Set(parts.map(\.interval?.cause)).count == 1 else {
                    return gap(.notReceipted, .inferred, range, extent, evidence)
                }
                return gap(part.interval?.cause ?? .notReceipted, .inferred, range, extent, words(part, evidence))
            }
        }
    }

    /// What the timeline says is missing, save what comparisons and receipts decide.
    func timed() -> [FoundGap] {
        windows.flatMap { window -> [FoundGap] in
            guard let cause = window.cause, let from = start(of: window) else { return [] }
            let to = window.to ?? .endless
            guard from < to else { return [] }
            return TimeRanges.subtract(decidedRanges, from: from..<to).filter { $0.lowerBound <= settled }.map {
                gap(cause, timelineCertainty, $0, .time, window.evidence, except: cover.spans)
            }
        }
    }

    /// Silence of a source that the export feeds, where nothing else explains it.
    func silent() -> [FoundGap] {
        guard history.isBound else { return [] }
        let explained = TimeRanges.union(decidedRanges + attributed.filter { $0.interval != nil }.map(\.range))
        return TimeRanges.union(history.silences).flatMap { silence -> [FoundGap] in
            TimeRanges.subtract(explained, from: silence)
                .filter { min($0.upperBound, history.asOf).distance(since: $0.lowerBound) > settings.silenceLimit && $0.lowerBound <= settled }
                .map {
                    let range = $0.upperBound >= history.asOf ? $0.lowerBound..<Timestamp.endless : $0
                    return gap(.sourceSilent, .inferred, range, .time, "Nothing came through the export for longer than usual.", except: cover.spans)
                }
        }
    }

    // MARK: -

    private static let malformedEvidence = "The messages are not JSON, which the service does not export."

    /// An export that was not there yet misses nothing before the first event that it would have sent.
    private func start(of window: ExportTimeline.Interval) -> Timestamp? {
        guard window.cause == .notCreated, window.from <= .earliest else { return window.from }
        return history.expectedSince.map { max($0, window.from) }
    }

    private func clusters(_ runs: [MissingRun], in range: Range<Timestamp>) -> [Range<Timestamp>] {
        clusters(TimeRanges.intersect(TimeRanges.union(runs.map(\.range)), with: range))
    }

    /// Runs that are no further than a grace period apart are one.
    private func clusters(_ ranges: [Range<Timestamp>]) -> [Range<Timestamp>] {
        var result: [Range<Timestamp>] = []
        for range in ranges {
            if let last = result.last, range.lowerBound.distance(since: last.upperBound) <= settings.grace {
                result[result.count - 1] = last.lowerBound..<range.upperBound
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// From the first to the last instant of runs in a stretch of time; nil where there are none.
    private func hull(_ runs: [Range<Timestamp>], in stretch: Range<Timestamp>) -> Range<Timestamp>? {
        let parts = TimeRanges.intersect(runs, with: stretch)
        guard let first = parts.first, let last = parts.last else { return nil }
        return first.lowerBound..<last.upperBound
    }

    private func words(_ part: Attributed, _ evidence: String) -> String { part.interval.map { evidence + " " + $0.evidence } ?? evidence }

    private func gap(
        _ cause: GapCause, _ certainty: GapCertainty, _ range: Range<Timestamp>, _ extent: FoundGap.Extent, _ evidence: String,
        except: [ReceiptRange] = []
    ) -> FoundGap {
        FoundGap(
            route: history.route, cause: cause, certainty: certainty, start: range.lowerBound,
            end: range.upperBound == .endless ? nil : range.upperBound, extent: extent, evidence: evidence, except: except)
    }
}
