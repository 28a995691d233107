import DTDL
import Diagnostics
import JSON

/// Decodes records and folds their values, those of one device or of all.
struct InferenceFold<Sink: ValueSink> {
    /// Only this device; nil for all.
    let device: String?
    /// Only this tenant; nil for all.
    let tenant: String?
    /// Only records that name this template, or none; nil for all.
    let templateID: String?
    private(set) var sink: Sink
    private(set) var records = 0
    /// Records that name another template, by its id. Few are held.
    private(set) var otherTemplates: [String: Int] = [:]
    private(set) var templates: Set<String> = []
    /// Some of the devices: enough to say whether there is one.
    private(set) var devices: Set<String> = []
    private(set) var tenants: Set<String> = []
    private var decoder = EventDecoder()
    private var event = DecodedEvent()
    private static var heldNames: Int { 16 }

    init(_ sink: Sink, device: String?, tenant: String?, templateID: String? = nil) {
        self.sink = sink
        self.device = device
        self.tenant = tenant
        self.templateID = templateID
    }

    /// Folds a record, if it is one of those asked for.
    ///
    /// - Parameter origin: the device where the log knows it; nil to go by what the record says.
    mutating func take(_ record: borrowing RecordView, settings: SourceSettings, origin: (tenant: String, device: String)? = nil) {
        decoder.decode(record, settings: settings, into: &event)
        guard !event.sections.isEmpty, event.hasDocument, let payload = record.payload else { return }
        let own = origin?.device ?? event.string(event.deviceID)
        let home = origin?.tenant ?? event.string(event.tenant)
        if let device, device != own { return }
        if let tenant, tenant != home { return }
        let template = event.string(event.templateRef)
        if let templateID, !template.isEmpty, template != templateID {
            if otherTemplates.count < Self.heldNames || otherTemplates[template] != nil { otherTemplates[template, default: 0] += 1 }
            return
        }
        records += 1
        if !template.isEmpty, templates.count < Self.heldNames { templates.insert(template) }
        if devices.count < Self.heldNames { devices.insert(own) }
        if tenants.count < Self.heldNames { tenants.insert(home) }
        // A reference to the tape, not a copy: the document must not depend on this value while the sink changes.
        let decoder = decoder
        SectionValues.walk(event, in: decoder.document(over: payload), device: "\(home)/\(own)", into: &sink)
    }
}
