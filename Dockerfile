# The worker, the desk, and the command line beside them (docker compose exec worker python starter.py ...).

# The desk's styles: built here, so that neither Node nor its packages are in what runs.
FROM node:24.19.0-bookworm-slim AS styles

WORKDIR /styles

COPY desk/frontend/package.json desk/frontend/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund

COPY desk/frontend/desk.scss ./
RUN npm run build

FROM python:3.13.16-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

WORKDIR /app

# Before the code, so that a change of code does not fetch the packages again.
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --no-binary docopt --require-hashes \
        --requirement requirements.txt

# .dockerignore lets in what runs and nothing else.
COPY . .

COPY --from=styles /styles/built desk/frontend/built
COPY --from=styles /styles/node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js \
        desk/frontend/node_modules/govuk-frontend/dist/govuk/

# A number, so that the owner of the keys file can be set from outside. It owns nothing here.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin worker \
    && install --directory --owner worker --mode 0700 /app/var /app/var/post
USER 10001

CMD ["python", "worker.py"]
