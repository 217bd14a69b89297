# One image for all four services; docker-compose.yml chooses the one of a container.
# BASE is any image with Python 3.11 or newer that can make virtual environments.
ARG BASE=python:3.12-slim
FROM ${BASE}

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PATH=/opt/venv/bin:$PATH \
    MULTI_JOB_HOME=/data

# Dependencies in a separate layer: a change of the code does not install them again.
COPY requirements.txt /srv/requirements.txt
RUN python3 -m venv /opt/venv && pip install --quiet --require-hashes -r /srv/requirements.txt

WORKDIR /srv
COPY pyproject.toml README.md LICENSE ./
COPY app ./app
COPY multi_job ./multi_job
RUN pip install --quiet --no-deps -e .

# A named volume inherits the owner of the first folder that it is mounted on.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin multijob \
    && mkdir -p /data/runtime-data /ui && chown -R multijob /data /ui
USER multijob
VOLUME /data

CMD ["python", "-m", "app.services.worker.main"]
