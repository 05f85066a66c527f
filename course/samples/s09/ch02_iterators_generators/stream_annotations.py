# léo's answer
def stream_annotations(path, batch_size=32):
    yield []
