/// The template that mixed records are built to: a default component, another one, and every kind of property. Our own model.
enum MixedModel {
    static let templateID = "dtmi:hindcast:load:Station;1"
    static let component = "pump"

    /// DTDL version 2, two Interfaces, the station first.
    static let document = """
        [
          {
            "@context": "dtmi:dtdl:context;2",
            "@id": "dtmi:hindcast:load:Station;1",
            "@type": "Interface",
            "displayName": "Station",
            "contents": [
              { "@type": "Telemetry", "name": "temperature", "schema": "double" },
              { "@type": "Telemetry", "name": "count", "schema": "integer" },
              { "@type": "Telemetry", "name": "open", "schema": "boolean" },
              { "@type": "Telemetry", "name": "measuredAt", "schema": "dateTime" },
              {
                "@type": "Telemetry",
                "name": "mode",
                "schema": {
                  "@type": "Enum",
                  "valueSchema": "string",
                  "enumValues": [ { "name": "idle", "enumValue": "idle" }, { "name": "busy", "enumValue": "busy" } ]
                }
              },
              { "@type": "Telemetry", "name": "place", "schema": "geopoint" },
              {
                "@type": "Telemetry",
                "name": "reading",
                "schema": { "@type": "Object", "fields": [ { "name": "value", "schema": "double" }, { "name": "unit", "schema": "string" } ] }
              },
              { "@type": "Property", "name": "firmware", "schema": "string" },
              { "@type": "Property", "name": "setpoint", "writable": true, "schema": "double" },
              { "@type": "Component", "name": "pump", "schema": "dtmi:hindcast:load:Pump;1" }
            ]
          },
          {
            "@context": "dtmi:dtdl:context;2",
            "@id": "dtmi:hindcast:load:Pump;1",
            "@type": "Interface",
            "displayName": "Pump",
            "contents": [
              { "@type": "Telemetry", "name": "speed", "schema": "long" },
              { "@type": "Property", "name": "hours", "schema": "integer" }
            ]
          }
        ]
        """
}
