import ArgumentParser
import DTDL
import Diagnostics
import EventLog
import Ingest
import JSON
import Logging
import ModelFiles
import Postgres
import Threading

/// `hindcast template infer`.
struct TemplateInferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "infer",
        abstract: "Writes a model of what devices sent, or the patch that adds to a template what it lacks.",
        discussion: """
            Reads a capture file, which needs no database, or what the log holds of one device. Types are widened over all values; what no model can say is \
            left out and named on standard error. What is written passes `hindcast template check`.

            With --base it is a JSON Patch (RFC 6902) against that file, which only adds; with --apply the patched template. Where values do not fit what the \
            base defines, that is said and not changed.

            Examples:
              hindcast template infer --capture yesterday.jsonl --id "dtmi:example:Pump;1" --output pump.json
              hindcast template infer --device pump-17
              hindcast template infer --capture yesterday.jsonl --base pump.json --apply
            """)

    @OptionGroup var options: SettingOptions

    @Option(help: ArgumentHelp("The device; with --capture only its records.", valueName: "id"))
    var device: String?

    @Option(help: "The device's tenant, where several have one of this id; with --capture only its records.")
    var tenant: String?

    @Option(help: ArgumentHelp("Read this capture instead of the log.", valueName: "file"))
    var capture: String?

    @Option(help: "The wire format of the capture's records.")
    var envelope = EnvelopeChoice.auto

    @Option(help: ArgumentHelp("The template to add to.", valueName: "template"))
    var base: String?

    @Option(help: ArgumentHelp("Where to look for what the base refers to.", valueName: "dir"))
    var models: String?

    @Flag(help: "Print the patched base instead of the patch.")
    var apply = false

    @Option(help: ArgumentHelp("The model's id. Default: dtmi:hindcast:inferred:DEVICE;1.", valueName: "dtmi"))
    var id: String?

    @Option(help: ArgumentHelp("The version of DTDL: 2, 3 or 4. Default: the lowest that leaves least out.", valueName: "version"))
    var dtdl: Int?

    @Option(help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"))
    var output: String?

    func validate() throws {
        if capture == nil, device == nil { throw ValidationError("Expected --capture FILE or --device ID: what to infer from.") }
        if let capture, let output, FileBytes.isSame(capture, as: output) {
            throw ValidationError("--output \(output) is the capture, which would be lost; name another file.")
        }
        if base == nil, apply || models != nil { throw ValidationError("--apply and --models are about a --base TEMPLATE.") }
        if base != nil, id != nil || dtdl != nil { throw ValidationError("--id and --dtdl are for a new model; --base has its own.") }
        if let dtdl, !(2...4).contains(dtdl) { throw ValidationError("--dtdl \(dtdl): expected 2, 3 or 4.") }
        if let id, !ModelInference.isModelIdentifier(id) {
            throw ValidationError("--id \(id): expected a DTMI with a version and at most 128 characters, such as \"dtmi:example:Pump;1\".")
        }
    }

    func run() throws {
        if let base { try inferPatch(base) } else { try inferModel() }
    }

    // MARK: - A new model

    private func inferModel() throws {
        let fold = try read(InferenceFold(ModelInference(), device: device, tenant: tenant))
        let own = fold.devices.count == 1 ? fold.devices.first : nil
        let id = id ?? "dtmi:hindcast:inferred:\(ModelInference.identifierSegment(of: device ?? own ?? ""));1"
        let model = fold.sink.model(id: id, languageVersion: dtdl)
        let result = ModelParser().parse([model.bytes])
        guard result.outcome == .valid else { throw Self.fault(result) }
        if fold.templates.count > 1 {
            Self.remark(
                "the records name several templates, \(fold.templates.sorted().joined(separator: ", ")); the model is of all of them together.")
        }
        Self.say(model.remarks)
        try write(model.bytes)
        Output.error("\(fold.records) records, \(model.capabilityCount) capabilities, DTDL v\(model.languageVersion)")
    }

    // MARK: - A patch

    private func inferPatch(_ path: String) throws {
        let bytes: [UInt8]
        let resolver: FolderResolver
        do throws(ModelFileError) {
            bytes = try ModelFile.read(path).bytes
            resolver = try FolderResolver(models.map { [$0] } ?? [])
        } catch {
            throw OperatorError(.usage, error.description)
        }
        let inference: TemplateInference
        do throws(TemplateError) {
            inference = try TemplateInference(base: bytes, resolver: resolver)
        } catch {
            throw OperatorError(.usage, "\(path): \(error.description)")
        }
        let (profile, before) = try Self.profile(of: bytes, path: path, shape: inference.base.shape, resolver)
        let fold = try read(InferenceFold(inference, device: device, tenant: tenant, templateID: inference.base.templateID))
        let patch = fold.sink.patch(isStrict: profile == .strict)
        let after = Self.check(patch.patched, profile, resolver)
        guard after.outcome != .invalid, Set(after.unresolved).isSubset(of: before.unresolved) else { throw Self.fault(after) }
        for (template, count) in fold.otherTemplates.sorted(by: { $0.key < $1.key }) {
            Self.remark("\(count) records name the template \(template), not the base's \(inference.base.templateID); they are passed over.")
        }
        Self.say(patch.remarks)
        try write(apply ? patch.patched : patch.bytes)
        Output.error("\(fold.records) records, \(patch.capabilityCount) capabilities added")
    }

    /// By whose rules the base is valid: those that the patched one has to keep.
    private static func profile(
        of bytes: [UInt8], path: String, shape: DeviceTemplate.Shape, _ resolver: FolderResolver
    ) throws -> (ModelOptions.Profile, ModelResult) {
        for profile in [ModelOptions.Profile.strict, .iotCentral] where shape != .deviceTemplate || profile == .iotCentral {
            let result = check(bytes, profile, resolver)
            if result.outcome != .invalid { return (profile, result) }
            guard profile == .iotCentral, let error = result.errors.first(where: { $0.severity == .error }) else { continue }
            throw OperatorError(
                .usage, "\(path):\(error.line): \(error.cause) A base has to be valid; see `hindcast template check --profile iotcentral`.")
        }
        throw OperatorError(.usage, "\(path): the base is not valid; see `hindcast template check`.")
    }

    private static func check(_ bytes: [UInt8], _ profile: ModelOptions.Profile, _ resolver: FolderResolver) -> ModelResult {
        var options = ModelOptions()
        options.profile = profile
        return ModelParser(options: options).parse([bytes], resolver: resolver)
    }

    // MARK: - Reading and writing

    /// Folds what was asked for, and ends the command where that is nothing.
    private func read<Sink: ValueSink>(_ fold: InferenceFold<Sink>) throws -> InferenceFold<Sink> {
        var fold = fold
        if let capture {
            var reader = try CaptureReader(path: capture)
            let settings = SourceSettings(envelope: envelope)
            let now = Timestamp(microseconds: WallClock.microseconds())
            while let line = try reader.next() {
                fold.take(
                    RecordView(
                        key: line.key?.rawBytes, headers: line.headers.rawBytes, payload: line.payload?.rawBytes, brokerTime: line.brokerTime,
                        ingestTime: now),
                    settings: settings)
            }
        } else {
            try readLog(&fold)
        }
        guard fold.records > 0 || !fold.otherTemplates.isEmpty else {
            let place = capture.map { "The capture \($0)" } ?? "The log"
            let whose = device.map { " of device \"\($0)\"" } ?? ""
            throw OperatorError(
                .unknown, PrintableText.of("\(place) holds no telemetry and no properties\(whose), so there is nothing to infer from."))
        }
        return fold
    }

    private func readLog(_ fold: inout InferenceFold<some ValueSink>) throws {
        let device = device ?? ""
        let settings = try options.load()
        var connection = try Database(area: settings.postgres, logger: Logger(settings.log)).connect(as: .admin)
        var sources: [Int32: SourceSettings] = [:]
        for source in try LogSources.all(on: &connection) { sources[source.sourceID] = source.settings }
        try connection.forEachRow(SelectDeviceRecords(device: device, tenant: tenant ?? "")) { (row: borrowing RowView) throws(PostgresError) in
            let record = RecordView(
                key: row.bytesOrNil(4), headers: try row.bytes(5), payload: row.bytesOrNil(6),
                brokerTime: try row.timestampOrNil(2).map { Timestamp($0) }, ingestTime: Timestamp(try row.timestamp(3)))
            fold.take(record, settings: sources[try row.int32(0)] ?? SourceSettings(), origin: (try row.string(1), device))
        }
        if fold.tenants.count > 1 {
            let names = fold.tenants.sorted().joined(separator: ", ")
            throw OperatorError(.usage, PrintableText.of("Several tenants have a device \"\(device)\": \(names). Choose one with --tenant."))
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        guard let output else { return Output.write(bytes) }
        do throws(FileBytes.Failure) {
            try FileBytes.write(bytes, to: output)
        } catch {
            throw OperatorError(.usage, "Cannot write \(output): \(error.reason).")
        }
    }

    // MARK: - Remarks

    private static func say(_ remarks: [InferenceRemark]) {
        for remark in remarks {
            let place = [remark.module, remark.component].filter { !$0.isEmpty }.joined(separator: "/")
            let whole = [place, remark.path].filter { !$0.isEmpty }.joined(separator: " ")
            Self.remark((whole.isEmpty ? "" : "\(whole): ") + remark.message + " [\(remark.code.rawValue)]")
        }
    }

    private static func remark(_ text: String) { Output.error(PrintableText.of("remark: \(text)")) }

    /// What must not happen: what was inferred is not valid.
    private static func fault(_ result: ModelResult) -> OperatorError {
        let error = result.errors.first { $0.severity == .error }
        let what = error.map { "\($0.code): \($0.cause)" } ?? "unresolved: \(result.unresolved.joined(separator: ", "))"
        return OperatorError(
            .unknown, PrintableText.of("What was inferred is no valid model (\(what)), so it is not written; this is a fault of hindcast."))
    }
}
