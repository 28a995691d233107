// The C++ contenders: peers rapidjson|simdjson MESSAGE COUNT [SCHEMA [REFUSED...]] prints messages per second of its processor time.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <iterator>
#include <string>

#include <rapidjson/document.h>
#include <rapidjson/reader.h>
#include <rapidjson/schema.h>
#include <simdjson.h>

static std::string read(const char *path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) std::exit((std::fprintf(stderr, "cannot read %s\n", path), 1));
    return {std::istreambuf_iterator<char>(file), {}};
}

template <typename Check> static void measure(long count, Check check) {
    for (long index = 0; index < count / 10; index++) check();
    std::clock_t began = std::clock();
    long accepted = 0;
    for (long index = 0; index < count; index++) accepted += check();
    double seconds = double(std::clock() - began) / CLOCKS_PER_SEC;
    if (accepted != count) std::exit((std::fprintf(stderr, "the message is refused\n"), 1));
    std::printf("{\"per_s\": %.0f}\n", double(count) / seconds);
}

int main(int argc, char **argv) {
    if (argc < 4) return std::fprintf(stderr, "usage: peers rapidjson|simdjson MESSAGE COUNT [SCHEMA [REFUSED...]]\n"), 2;
    std::string text = read(argv[2]);
    long count = std::atol(argv[3]);
    if (!std::strcmp(argv[1], "simdjson")) {
        simdjson::padded_string padded(text);
        simdjson::dom::parser parser;
        measure(count, [&] { return parser.parse(padded).error() == simdjson::SUCCESS; });
        return 0;
    }
    rapidjson::Document schema;
    if (schema.Parse(read(argv[4]).c_str()).HasParseError()) return std::fprintf(stderr, "the schema is not JSON\n"), 1;
    rapidjson::SchemaDocument compiled(schema);
    rapidjson::SchemaValidator validator(compiled);
    rapidjson::Reader reader;
    // Its fastest way: events straight from the reader to the validator, without a document between them.
    auto accepts = [&](const std::string &message) {
        validator.Reset();
        rapidjson::StringStream stream(message.c_str());
        return !reader.Parse(stream, validator).IsError() && validator.IsValid();
    };
    for (int index = 5; index < argc; index++)
        if (accepts(read(argv[index]))) return std::fprintf(stderr, "rapidjson accepts %s\n", argv[index]), 1;
    measure(count, [&] { return accepts(text); });
}
