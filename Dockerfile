FROM python:3.13-slim AS build
COPY requirements/base.txt /tmp/base.txt
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r /tmp/base.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 BUURTBOOM_DATA=/data STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --no-create-home buurtboom && install -d -o buurtboom /data
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
# A key for this one command; it is in no layer and the running server gets its own.
RUN SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(48))') python manage.py collectstatic --no-input
USER buurtboom
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "deploy/healthcheck.py"]
# Verbosity 0: no access log, for it would hold the addresses of phones. The backlog lets a whole hall in at once.
CMD ["python", "-m", "facilitation.server.listening", "--verbosity", "0", "--proxy-headers", "--websocket-max-message-size=16384", "--websocket-max-frame-size=16384", "-e", "tcp:port=8000:interface=0.0.0.0:backlog=2048", "facilitation.asgi:application"]
