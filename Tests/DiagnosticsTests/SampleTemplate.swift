import DTDL
import Diagnostics

/// A device template that has something for every rule to say.
enum SampleTemplate {
    static let source = #"""
        {"@id":"dtmi:example:pump;1","@type":"ModelDefinition","displayName":"Pump","capabilityModel":{
        "@id":"dtmi:example:pumpModel;1","@type":"Interface","contents":[
          {"@type":"Telemetry","name":"temperature","schema":"double"},
          {"@type":"Telemetry","name":"pressure","schema":"double","minValue":0,"maxValue":10,"decimalPlaces":1},
          {"@type":"Telemetry","name":"strokes","schema":"integer"},
          {"@type":"Telemetry","name":"label","schema":"string","maxLength":4},
          {"@type":"Telemetry","name":"running","schema":"boolean"},
          {"@type":"Telemetry","name":"serviced","schema":"dateTime"},
          {"@type":"Telemetry","name":"state","schema":{"@type":"Enum","valueSchema":"string","enumValues":[
            {"name":"on","enumValue":"on"},{"name":"off","enumValue":"off"}]}},
          {"@type":"Telemetry","name":"place","schema":"geopoint"},
          {"@type":"Telemetry","name":"a/b~c","schema":"double"},
          {"@type":"Telemetry","name":"reading","schema":{"@type":"Object","fields":[
            {"@type":["Field","Required"],"name":"value","schema":"double"},{"name":"unit","schema":"string"},
            {"name":"history","schema":{"@type":"Array","elementSchema":"integer"}},
            {"name":"limits","schema":{"@type":"Map","mapKey":{"name":"k","schema":"string"},"mapValue":{"name":"v","schema":"double"}}}]}},
          {"@type":"Telemetry","name":"samples","schema":{"@type":"Array","elementSchema":"integer"}},
          {"@type":"Property","name":"serial","schema":"string"},
          {"@type":"Property","name":"target","schema":"double","writable":true},
          {"@type":"Command","name":"restart"},
          {"@type":"Component","name":"motor","schema":{"@id":"dtmi:example:motor;1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"speed","schema":"integer"},
            {"@type":"Property","name":"limit","schema":"integer","writable":true}]}},
          {"@type":"Component","name":"valve","schema":{"@id":"dtmi:example:valve;1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"opening","schema":"double"}]}},
          {"@type":["Relationship","EdgeModule"],"name":"vitals","target":[{"@id":"dtmi:example:vitals;1","@type":"Interface","contents":[
            {"@type":"Telemetry","name":"pulse","schema":"integer"},
            {"@type":"Component","name":"battery","schema":{"@id":"dtmi:example:battery;1","@type":"Interface","contents":[
              {"@type":"Telemetry","name":"charge","schema":"double"}]}}]}]}
        ]},"solutionModel":{"cloudProperties":[{"@type":"Property","name":"customer","schema":"string"}]}}
        """#

    static func published(key: Int32 = 1, source: String = source) throws -> PublishedTemplate {
        let template = try DeviceTemplate(bytes: Array(source.utf8))
        return PublishedTemplate(key: key, templateID: template.templateID, version: 1, compiled: template.compiled)
    }
}
