import Diagnostics
import Testing

/// What records say that a device is.
struct DecoderFlagTests {
    @Test(
        arguments: [
            (
                #""simulated":true,"approved":false,"blocked":false,"provisioned":true"#,
                DeviceFlags(approved: false, blocked: false, provisioned: true, simulated: true)
            ),
            (#""approved":true"#, DeviceFlags(approved: true)),
            (#""blocked":"true","provisioned":1,"simulated":null"#, DeviceFlags()),
        ]
    )
    func `a message of the transform's shape says what its device is`(members: String, flags: DeviceFlags) {
        let telemetry = #"{"messageSource":"telemetry","device":{"id":"d","templateId":"t",\#(members)},"telemetry":[]}"#
        let event = SampleRecord(telemetry).decoded()
        #expect(event.envelope == .iotCentralTransform)
        #expect(event.kind == .telemetry)
        #expect(event.deviceFlags == flags)
        let connection = #"{"messageSource":"deviceConnectivity","messageType":"connected","device":{\#(members),"id":"d"}}"#
        #expect(SampleRecord(connection).decoded().deviceFlags == flags)
    }

    @Test func `flags outside of the device are none`() {
        let event = SampleRecord(#"{"messageSource":"telemetry","device":{"id":"d"},"telemetry":[],"approved":true}"#).decoded()
        #expect(event.deviceFlags.isEmpty)
    }

    @Test func `a snapshot of a device says what it is`() {
        let snapshot = #"{"id":"d","instanceOf":"t","displayName":"D","approved":true,"provisioned":false,"simulated":false,"properties":{}}"#
        let event = SampleRecord(snapshot).decoded()
        #expect(event.envelope == .iotCentralLegacy)
        #expect(event.deviceFlags == DeviceFlags(approved: true, provisioned: false, simulated: false))
        let template = SampleRecord(#"{"@id":"t","@type":"DeviceTemplate","approved":true}"#).decoded()
        #expect(template.deviceFlags.isEmpty, "a template is no device")
    }

    @Test(
        arguments: [
            (#"{"approved":false,"simulated":true}"#, DeviceFlags(approved: false, simulated: true), [] as [String]),
            (#"{"approved":"yes","blocked":true}"#, DeviceFlags(), ["/data/approved"]),
            ("7", DeviceFlags(), ["/data"]),
        ]
    )
    func `our own event of a registration may say two of them`(data: String, flags: DeviceFlags, faults: [String]) {
        let event = SampleRecord(
            #"{"specversion":"1.0","id":"1","source":"s","type":"dev.hindcast.device.registered","subject":"d","data":\#(data)}"#,
            headers: [("content-type", Array("application/cloudevents+json".utf8))]
        ).decoded()
        #expect(event.kind == .registered)
        #expect(event.deviceFlags == flags)
        #expect(event.notices.map(\.path) == faults)
    }
}
