import Diagnostics
import LogSupport

let stationID = "dtmi:test:station;1"

/// A template that has something for every rule to say: components, an edge module, inherited names, every kind of value.
func stationTemplate() -> [UInt8] {
    Array(
        #"""
        {"@id":"dtmi:test:station;1","@type":"ModelDefinition","displayName":"Station","capabilityModel":{
        "@id":"dtmi:test:stationModel;1","@type":"Interface","contents":[
          {"@type":"Telemetry","name":"temperature","schema":"double"},
          {"@type":"Telemetry","name":"pressure","schema":"double","maxValue":10},
          {"@type":"Telemetry","name":"strokes","schema":"integer"},
          {"@type":"Telemetry","name":"label","schema":"string"},
          {"@type":"Telemetry","name":"serviced","schema":"dateTime"},
          {"@type":"Telemetry","name":"state","schema":{"@type":"Enum","valueSchema":"string","enumValues":[
            {"name":"on","enumValue":"on"},{"name":"off","enumValue":"off"}]}},
          {"@type":"Telemetry","name":"reading","schema":{"@type":"Object","fields":[
            {"@type":["Field","Required"],"name":"value","schema":"double"},{"name":"unit","schema":"string"}]}},
          {"@type":"Property","name":"serial","schema":"string"},
          {"@type":"Property","name":"target","schema":"double","writable":true},
          {"@type":"Component","name":"motor","schema":{"@id":"dtmi:test:motor;1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"speed","schema":"integer"}]}},
          {"@type":["Relationship","EdgeModule"],"name":"vitals","target":[{"@id":"dtmi:test:vitals;1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"pulse","schema":"integer"},
            {"@type":"Component","name":"battery","schema":{"@id":"dtmi:test:battery;1","@type":"Interface","contents":[
              {"@type":"Telemetry","name":"charge","schema":"double"}]}}]}]}],
        "extends":[
          {"@id":"dtmi:test:left;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"level","schema":"double"}]},
          {"@id":"dtmi:test:right;1","@type":"Interface","contents":[{"@type":"Telemetry","name":"level","schema":"string"}]}]},
        "solutionModel":{"cloudProperties":[{"@type":"Property","name":"customer","schema":"string"}]}}
        """#.utf8)
}

/// Records of tenant `app` as services write them, for stories that native events cannot tell.
extension SampleRecord {
    /// A message of IoT Central's export.
    ///
    /// - Parameters:
    ///   - members: what is not common to all messages, each member with its comma in front.
    ///   - enqueued: the service's time where it is another than the broker's.
    static func exported(
        _ source: String, type: String? = nil, device: String, template: String? = stationID, schema: String = "default@v1", _ members: String,
        enqueued: Timestamp? = nil, at time: Timestamp
    ) -> SampleRecord {
        let type = type.map { #""messageType":"\#($0)","# } ?? ""
        let template = template.map { #""templateId":"\#($0)","# } ?? ""
        let text = """
            {"applicationId":"app","messageSource":"\(source)",\(type)"deviceId":"\(device)",\(template)"schema":"\(schema)",\
            "enqueuedTime":"\((enqueued ?? time).rfc3339)"\(members)}
            """
        return SampleRecord(key: Array(device.utf8), payload: Array(text.utf8), brokerTime: time)
    }

    /// A message that IoT Hub routes, which names no tenant: its source has to. A header that is nil is not there.
    static func routed(
        device: String, _ payload: String, template: String? = stationID, type: String? = "application/json", encoding: String? = "utf-8",
        component: String? = nil, more: [(String, String)] = [], at time: Timestamp
    ) -> SampleRecord {
        let given: [(String, String?)] = [
            ("iothub-connection-device-id", device), ("iothub-message-source", "Telemetry"), ("dt-dataschema", template), ("content-type", type),
            ("content-encoding", encoding), ("dt-subject", component),
        ]
        let headers = given.compactMap { name, value in value.map { (name, $0) } } + more
        return SampleRecord(headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(payload.utf8), brokerTime: time)
    }

    /// A change of a twin, as IoT Hub routes it.
    static func routedTwin(device: String, model: String = pumpID, _ section: String, _ json: String, at time: Timestamp) -> SampleRecord {
        let headers = [
            ("iothub-message-source", "twinChangeEvents"), ("opType", "updateTwin"), ("deviceId", device), ("hubName", "fleet"),
            ("operationTimestamp", time.rfc3339),
        ]
        let text = #"{"version":4,"modelId":"\#(model)","properties":{"\#(section)":\#(json)}}"#
        return SampleRecord(headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(text.utf8), brokerTime: time)
    }
}
