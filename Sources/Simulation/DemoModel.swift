/// The template that the simulated fleet is built to: a refrigerated transport unit with its compressor as a component. Our own model.
package enum DemoModel {
    /// The template's id.
    package static let templateID = "dtmi:hindcast:demo:CoolingUnit;1"
    /// The id of a later version that nobody has published.
    static let unpublishedTemplateID = "dtmi:hindcast:demo:CoolingUnit;2"
    /// The component's name.
    static let component = "compressor"
    /// The name that devices with the wrong component send.
    static let misspeltComponent = "compresor"

    /// DTDL version 2, two Interfaces, the unit first.
    package static let document = """
        [
          {
            "@context": "dtmi:dtdl:context;2",
            "@id": "dtmi:hindcast:demo:CoolingUnit;1",
            "@type": "Interface",
            "displayName": "Cooling unit",
            "contents": [
              { "@type": "Telemetry", "name": "temperature", "displayName": "Temperature in the hold, in degrees Celsius", "schema": "double" },
              { "@type": "Telemetry", "name": "humidity", "displayName": "Relative humidity in percent", "schema": "double" },
              { "@type": "Telemetry", "name": "doorOpen", "schema": "boolean" },
              { "@type": "Telemetry", "name": "doorOpenings", "schema": "integer" },
              { "@type": "Telemetry", "name": "lastDefrost", "schema": "dateTime" },
              {
                "@type": "Telemetry",
                "name": "mode",
                "schema": {
                  "@type": "Enum",
                  "valueSchema": "string",
                  "enumValues": [
                    { "name": "cooling", "enumValue": "cooling" },
                    { "name": "defrosting", "enumValue": "defrosting" },
                    { "name": "idle", "enumValue": "idle" }
                  ]
                }
              },
              { "@type": "Property", "name": "setpoint", "writable": true, "schema": "double" },
              { "@type": "Property", "name": "firmware", "schema": "string" },
              { "@type": "Component", "name": "compressor", "schema": "dtmi:hindcast:demo:Compressor;1" }
            ]
          },
          {
            "@context": "dtmi:dtdl:context;2",
            "@id": "dtmi:hindcast:demo:Compressor;1",
            "@type": "Interface",
            "displayName": "Compressor",
            "contents": [
              { "@type": "Telemetry", "name": "speed", "displayName": "Revolutions per minute", "schema": "integer" },
              { "@type": "Telemetry", "name": "current", "displayName": "Current in ampere", "schema": "double" },
              {
                "@type": "Telemetry",
                "name": "vibration",
                "schema": {
                  "@type": "Object",
                  "fields": [
                    { "name": "x", "schema": "double" },
                    { "name": "y", "schema": "double" },
                    { "name": "z", "schema": "double" }
                  ]
                }
              },
              { "@type": "Property", "name": "operatingHours", "schema": "integer" }
            ]
          }
        ]

        """
}
