"""The fraud-risk model: a row of features goes in, a score with reasons comes out. It routes to people and never declines.

Pure: imports only domain. One declarative feature registry serves training and scoring;
artefacts are a folder of text files with hashes.
"""
