import Diagnostics
import Ingest
import JSON

/// Judges captures and plain payloads, record by record.
struct ValidationRun: ~Copyable {
    /// What is shown, and what decides the verdict.
    struct Filter {
        /// Below it nothing decides the verdict.
        var verdictSeverity: Severity
        /// Below it nothing is shown.
        var shownSeverity: Severity
        var rulesOff: Set<Rule>
    }

    /// How much there was.
    struct Counts {
        var records = 0
        var shown = 0
        /// Shown, and at or above the severity that decides the verdict.
        var failing = 0
    }

    /// In whose numbering findings go into the digest.
    enum Numbering: String, CaseIterable {
        /// Offsets are line numbers, as `ingest --capture` gives them.
        case line
        /// Offsets are the records' own, as ingest from Kafka keeps them.
        case origin
    }

    private var judge: OfflineJudge
    private var sink: FindingSink
    private let filter: Filter
    private let settings: SourceSettings
    private let source: Int32
    private let numbering: Numbering
    private let now = Clock.now
    private(set) var counts = Counts()

    init(judge: consuming OfflineJudge, sink: consuming FindingSink, filter: Filter, settings: SourceSettings, source: Int32, numbering: Numbering) {
        self.judge = judge
        self.sink = sink
        self.filter = filter
        self.settings = settings
        self.source = source
        self.numbering = numbering
    }

    /// Everything found so far, shown or not.
    var digest: FindingDigest { judge.digest }

    /// Judges every record of a capture.
    ///
    /// - Throws: `IngestError` where a line is no record.
    mutating func capture(_ path: String) throws {
        var reader = try CaptureReader(path: path)
        while let line = try reader.next() {
            let record = RecordView(
                key: line.key?.rawBytes, headers: line.headers.rawBytes, payload: line.payload?.rawBytes, brokerTime: line.brokerTime, ingestTime: now
            )
            let offset = numbering == .line ? line.line : line.offset
            judge.apply(record, settings: settings, source: source, offset: offset)
            try report(path, isCapture: true, line: line.line, offset: line.offset)
        }
    }

    /// Judges a file that is one payload: of an envelope that its body shows, else a device's own message. What rules say of headers does not apply.
    mutating func payload(_ path: String, device: String) throws(OperatorError) {
        let bytes: [UInt8]
        switch FileBytes.read(path) {
        case .success(let read): bytes = read
        case .failure(let failure): throw OperatorError(.usage, "Cannot read \(path): \(failure.reason).")
        }
        let key = Array(device.utf8)
        let headers: [UInt8] = []
        let record = RecordView(key: key.rawBytes, headers: headers.rawBytes, payload: bytes.rawBytes, brokerTime: nil, ingestTime: now)
        judge.apply(record, settings: settings, source: source, offset: 1, isBare: true)
        try report(path, isCapture: false, line: 1, offset: 0)
    }

    /// Ends the output.
    mutating func finish(failure: String? = nil) throws(OperatorError) { try sink.finish(failure: failure) }

    // MARK: -

    private mutating func report(_ path: String, isCapture: Bool, line: Int64, offset: Int64) throws(OperatorError) {
        counts.records += 1
        for finding in judge.findings where finding.rule.severity >= filter.shownSeverity && !filter.rulesOff.contains(finding.rule) {
            counts.shown += 1
            if finding.rule.severity >= filter.verdictSeverity { counts.failing += 1 }
            try sink.write(
                ReportedFinding(
                    file: path, isCapture: isCapture, line: line, offset: offset, device: judge.device, templateID: judge.templateID, finding: finding
                ))
        }
    }
}
