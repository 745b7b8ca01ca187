"""Extraction by anchors: printed labels lead to values, one small file for each document class."""
