/// Payloads as an IoT Central export writes them.
enum SampleExport {
    static let application = "6d1f2a30-58c4-4e0e-9a77-0c5b8e4f1d22"
    static let device = "pump-07"
    static let template = "dtmi:example:pump;1"

    /// Any message; `members` are the ones that are not common to all, each with its comma in front.
    static func message(
        source: String, type: String? = nil, device: String? = device, template: String? = template, time: String = "2024-01-02T03:04:05.123Z",
        members: String = ""
    ) -> String {
        let type = type.map { #","messageType":"\#($0)""# } ?? ""
        let device = device.map { #","deviceId":"\#($0)""# } ?? ""
        let template = template.map { #","templateId":"\#($0)""# } ?? ""
        return #"{"applicationId":"\#(application)","messageSource":"\#(source)"\#(type)\#(device),"schema":"default@v1"\#(template)"#
            + #","enqueuedTime":"\#(time)","enrichments":{}\#(members)}"#
    }

    static func telemetry(
        _ telemetry: String, component: String? = nil, module: String? = nil, template: String? = template, time: String = "2024-01-02T03:04:05.123Z",
        device: String = device
    ) -> String {
        let component = component.map { #","component":"\#($0)""# } ?? ""
        let module = module.map { #","module":"\#($0)""# } ?? ""
        return message(
            source: "telemetry", device: device, template: template, time: time, members: #","telemetry":\#(telemetry)\#(module)\#(component)"#)
    }

    static func properties(_ properties: String, type: String = "devicePropertyReportedChange", members: String = "") -> String {
        message(source: "properties", type: type, members: #","properties":\#(properties)\#(members)"#)
    }
}
