# Two stages, so that pip and its leftovers stay behind; every dependency by its hash, none of them compiled here.
FROM python:3.13.9-slim-bookworm AS dependencies
WORKDIR /build
COPY requirements.txt ./
RUN python -m venv --without-pip /venv \
    && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
        --only-binary :all: --no-deps --require-hashes -r requirements.txt

FROM python:3.13.9-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORT=3000 \
    DATABASE_URL=sqlite:////data/callinfo.db
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin callinfo \
    && install -d -o 10001 -g callinfo /data
COPY --from=dependencies /venv /venv
WORKDIR /app
COPY manifest.yml ./
COPY bot ./bot
USER 10001
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
# That it lives, not that it is ready: while it drains it must not be taken for dead
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "import os, urllib.request; port = os.environ.get('PORT', '').strip(' \"\\''); urllib.request.urlopen(f'http://127.0.0.1:{port or 3000}/livez', timeout=3)"]
CMD ["python", "-m", "bot", "serve"]
