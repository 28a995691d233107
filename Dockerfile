# Written to be built with: docker build -t hindcast .
# Both stages are Debian 12, so that the libraries found at build time are the ones at run time.

FROM swift:6.3-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends pkg-config libpq-dev librdkafka-dev libssl-dev libcurl4-openssl-dev zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY Package.swift ./
RUN swift package resolve
COPY Sources Sources
COPY migrations migrations
COPY Tests Tests
RUN swift build --configuration release --static-swift-stdlib --product hindcast \
    && install -D --strip "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/hindcast" /out/hindcast

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpq5 librdkafka1 libssl3 libcurl4 zlib1g ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin hindcast
COPY LICENSE NOTICE /usr/share/doc/hindcast/
COPY --from=build /out/hindcast /usr/local/bin/hindcast
USER hindcast
WORKDIR /
ENTRYPOINT ["hindcast"]
