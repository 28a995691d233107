import DTDL
import Diagnostics
import JSON
import ModelFiles

/// The templates of a validation, each in force from the start, and which of them applies to an event: by `EpochList.resolve`, the function that live
/// judging asks.
struct TemplateShelf {
    /// How many answers are remembered; beyond, they are asked for again.
    private static let answerLimit = 50_000

    /// What a template's author should know, one line each.
    private(set) var remarks: [String] = []
    private var epochs = EpochList()
    private var templates: [Int32: PublishedTemplate] = [:]
    private var paths: [String: String] = [:]
    private var controlSeq: Int64 = 0
    private var answers: [Question: TemplateInForce] = [:]

    private struct Question: Hashable {
        let reference: String
        let tenant: String
        let device: String
    }

    /// Reads the files. A single template also serves devices whose messages name none.
    ///
    /// - Parameter models: a folder with the Interfaces that the files refer to.
    /// - Throws: where a file cannot be read, is no template, or has the id of another one.
    init(files: [String], models: String?) throws(OperatorError) {
        if models == "" { throw OperatorError(.usage, "--models is empty, expected a folder with Interfaces.") }
        let resolver: FolderResolver
        do throws(ModelFileError) {
            resolver = try FolderResolver(models.map { [$0] } ?? [])
        } catch {
            throw OperatorError(.usage, error.description)
        }
        for path in files { try add(path, resolver) }
        if files.count == 1, let only = templates.values.first { assign(only.templateID, ["*"]) }
    }

    /// Takes a CSV of device ids (or patterns with `*` and `?`) and template ids in: the later line wins, and each wins over a single template.
    ///
    /// - Throws: where the file cannot be read, a line has not two fields, or a template is none of the shelf's.
    mutating func assignDevices(by path: String) throws(OperatorError) {
        let bytes: [UInt8]
        switch FileBytes.read(path) {
        case .success(let read): bytes = read
        case .failure(let failure): throw OperatorError(.usage, "Cannot read the map \(path): \(failure.reason).")
        }
        let table = CSVRows.read(bytes)
        if let line = table.openLine {
            throw OperatorError(
                .usage, "\(path):\(line): a quotation mark is opened here and never closed; close it, or double those that belong to an id.")
        }
        var assignments = DeviceAssignments()
        for row in table.rows {
            if row.line == 1, row.fields == ["device_id", "template_id"] { continue }
            guard row.fields.count == 2, !row.fields[0].isEmpty else {
                throw OperatorError(.usage, "\(path):\(row.line): expected two fields, device_id,template_id, found \(row.fields.count).")
            }
            guard paths[row.fields[1]] != nil else {
                throw OperatorError(
                    .usage,
                    "\(path):\(row.line): no --template has the id \"\(row.fields[1])\"; they have \(paths.keys.sorted().joined(separator: ", ")).")
            }
            assignments.append(row.fields[0], to: row.fields[1])
        }
        for step in assignments.steps { assign(step.templateID, step.devices) }
    }

    /// What an event is judged by.
    mutating func resolve(_ event: borrowing DecodedEvent) -> TemplateInForce {
        let reference = event.string(event.templateRef)
        let question =
            reference.isEmpty
            ? Question(reference: "", tenant: event.string(event.tenant), device: event.string(event.deviceID))
            : Question(reference: reference, tenant: "", device: "")
        if let known = answers[question] { return known }
        let answer: TemplateInForce =
            switch epochs.resolve(templateRef: reference, tenant: question.tenant, deviceID: question.device, offset: 0) {
            case .unassigned: .unassigned
            case .unknown(let templateID): .unknown(templateID: templateID)
            case .version(let key): templates[key].map { .version($0) } ?? .unassigned
            }
        if answers.count >= Self.answerLimit { answers = [:] }
        answers[question] = answer
        return answer
    }

    // MARK: -

    private mutating func add(_ path: String, _ resolver: FolderResolver) throws(OperatorError) {
        let file: ModelFile
        do throws(ModelFileError) {
            file = try ModelFile.read(path)
        } catch {
            throw OperatorError(.usage, error.description)
        }
        let template: DeviceTemplate
        do throws(TemplateError) {
            template = try DeviceTemplate(bytes: file.bytes, resolver: resolver)
        } catch {
            throw OperatorError(.usage, "\(path): \(error.description)")
        }
        let templateID = template.templateID
        if let other = paths.updateValue(path, forKey: templateID) {
            throw OperatorError(.usage, "\(path) and \(other) both have the template id \(templateID); name one of them.")
        }
        remarks += template.issues.map { "\(path):\($0.line): \($0.message) [\($0.code.rawValue)]" }
        let key = Int32(templates.count + 1)
        templates[key] = PublishedTemplate(key: key, templateID: templateID, version: 1, compiled: template.compiled)
        append(.publish(templateID: templateID, versionKey: key, isFirst: true))
    }

    private mutating func assign(_ templateID: String, _ devices: [String]) {
        append(.assign(templateID: templateID, tenant: "", devices: devices))
    }

    private mutating func append(_ act: ControlAct) {
        controlSeq += 1
        epochs.append(Epoch(controlSeq: controlSeq, fromOffset: 0, act: act))
    }
}
