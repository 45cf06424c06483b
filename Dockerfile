# One image, two commands: the web process (the default) and `worker`.
#
# DATABASE_URL, REDIS_URL and CALIBRA_SECRET come from outside and are the same for all containers;
# bring the database up to date first with `migrate`. Every other setting: `./calibra settings`.
FROM python:3.13-slim-bookworm AS build
WORKDIR /opt/calibra
COPY requirements.txt ./
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --no-deps --require-hashes -r requirements.txt
COPY . .
# The site is built here, so that a container neither needs bun nor writes into its own image.
RUN PATH=/opt/calibra/.venv/bin:$PATH .venv/bin/python -m calibra_app.cli build \
 && rm -rf .web/node_modules .tools

FROM python:3.13-slim-bookworm
# Pango and HarfBuzz set the type of certificates; the fonts themselves come with the code.
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/calibra --create-home calibra
WORKDIR /opt/calibra
COPY --from=build /opt/calibra /opt/calibra
ENV PATH=/opt/calibra/.venv/bin:$PATH \
    PYTHONPATH=/opt/calibra \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CALIBRA_DATA_DIR=/var/lib/calibra
USER 10001
EXPOSE 3000
# A worker has no port; its first process keeps the others alive or ends.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", \
  "import urllib.request as u; w = b'worker' in open('/proc/1/cmdline', 'rb').read(); \
w or u.urlopen('http://127.0.0.1:3000/health/live', timeout=4)"]
ENTRYPOINT ["python", "-m", "calibra_app.cli"]
CMD ["web", "--port", "3000"]
