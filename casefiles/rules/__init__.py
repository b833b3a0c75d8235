"""The rules R1…R95, one pure module per family, each giving findings with id and source."""
