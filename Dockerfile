# syntax=docker/dockerfile:1
FROM rust:1.95-bookworm AS build
WORKDIR /build
# SQLite, libpq, OpenSSL and the cryptography are compiled from source; the image brings all they need
# (a C compiler, make and perl).
COPY . .
# The caches stay out of the image, so the binary is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked --bin aftalestyring \
    && cp target/release/aftalestyring /usr/local/bin/aftalestyring

FROM debian:bookworm-slim
# Certificates are for what the server calls: webhooks, identity providers, mail. Their newest version is
# the only right one, so it is not pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin aftalestyring \
    && install --directory --owner=aftalestyring --group=aftalestyring --mode=0700 /var/lib/aftalestyring
COPY --from=build /usr/local/bin/aftalestyring /usr/local/bin/aftalestyring

# By number, so that Kubernetes can see that it is not root.
USER 10001
# Where the SQLite database and its keys go unless another database is configured.
WORKDIR /var/lib/aftalestyring
VOLUME /var/lib/aftalestyring
ENV AFTALESTYRING_LISTEN=0.0.0.0:8080
EXPOSE 8080

HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
    CMD ["aftalestyring", "healthcheck"]

ENTRYPOINT ["aftalestyring"]
CMD ["serve"]
