# The worker, and the command line beside it (docker compose exec worker python starter.py ...).
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

# A number, so that the owner of the keys file can be set from outside. It owns nothing here.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin worker \
    && install --directory --owner worker --mode 0700 /app/var /app/var/post
USER 10001

CMD ["python", "worker.py"]
