/// The template that the sent telemetry is built to. Our own model.
enum LoadModel {
    static let templateID = "dtmi:hindcast:load:Meter;1"
    static let applicationID = "5d0c7c5e-2f6b-4c1a-9b0e-6d1f5a3c8e21"

    /// DTDL version 2, one Interface.
    static let document = """
        {
          "@context": "dtmi:dtdl:context;2",
          "@id": "dtmi:hindcast:load:Meter;1",
          "@type": "Interface",
          "displayName": "Meter",
          "contents": [
            { "@type": "Telemetry", "name": "temperature", "schema": "double" },
            { "@type": "Telemetry", "name": "humidity", "schema": "double" },
            { "@type": "Telemetry", "name": "pressure", "schema": "double" },
            { "@type": "Telemetry", "name": "mode", "schema": "string" },
            { "@type": "Property", "name": "firmware", "schema": "string" }
          ]
        }
        """
}
